import { expect, test } from "vitest";
import type { ResolvedObjective } from "./objective.ts";
import { weightedEvents } from "./testing/weighted-events.ts";
import { cutTime, shuffledIfUntimed, withhold } from "./withheld.ts";

const everything: ResolvedObjective = { label: "any", gain: (_type, value) => value, adds: false };
const rowsOf = ({ rows, offsets, indices, values }: ReturnType<typeof withhold>["relevant"]) =>
  Array.from({ length: rows }, (_, r) =>
    Array.from(indices.subarray(offsets[r], offsets[r + 1]), (item, i) => [item, values[offsets[r] + i]]),
  );

test("a known user is queried at the cut, with earlier events as history, and seen items are not targets", () => {
  const events = weightedEvents([
    [0, 0, 1, 2],
    [0, 0, 2, 3],
    [0, 1, 3, 0], // a dislike: seen, and no part of the history
    [0, 0, 10], // bought again: seen before
    [0, 1, 11],
    [0, 2, 12, 5],
    [0, 2, 13, 2],
    [1, 0, 4], // nothing new later
  ]);
  const withheld = withhold(events, 10, everything, { seed: 1 });
  expect(rowsOf(withheld.histories)).toEqual([[[0, 5]]]);
  expect([...withheld.seen.indices]).toEqual([0, 0, 1]);
  expect(rowsOf(withheld.relevant)).toEqual([[[2, 5]]]);
});

test("models that need order see every event before the query time, oldest first", () => {
  const events = weightedEvents([
    [0, 3, 4, 2, 1],
    [0, 1, 3, 0], // a dislike
    [0, 0, 2, 3],
    [0, 3, 1],
    [0, 2, 12],
    [1, 0, 4], // nothing new later
  ]);
  const users = { age: { type: "number", values: Float64Array.of(30, 40) } } as const;
  const withheld = withhold(events, 10, everything, { seed: 1, users });
  expect(withheld.entries()).toEqual({
    ...{ rows: 1, items: 4, offsets: Uint32Array.of(0, 3) },
    item: Uint32Array.of(3, 0, 3),
    weight: Float32Array.of(1, 3, 2),
    time: Float64Array.of(1, 2, 4),
    type: Uint8Array.of(0, 0, 1),
    at: Float64Array.of(10),
  });
  expect(withheld.person).toEqual({ age: { type: "number", values: Float64Array.of(30) } });
});

test("what was taken back later is not a target", () => {
  const events = weightedEvents([
    [0, 0, 1, 2],
    [0, 1, 10, 2, 1],
    [0, 2, 11, 3, 1],
  ]);
  const bought: ResolvedObjective = { label: "bought", gain: (type) => type, adds: false };
  expect(rowsOf(withhold({ ...events, takenBack: Uint8Array.of(0, 1, 0) }, 10, bought, { seed: 1 }).relevant)).toEqual([[[2, 1]]]);
});

test("values add up if the objective says so, and only events it counts are relevant", () => {
  const events = weightedEvents([
    [0, 0, 1],
    [0, 1, 10, 2, 1],
    [0, 1, 11, 3, 1],
    [0, 2, 12, 9, 0],
  ]);
  const revenue: ResolvedObjective = { label: "value", gain: (type, value) => (type === 1 ? value : 0), adds: true };
  expect(rowsOf(withhold(events, 10, revenue, { seed: 1 }).relevant)).toEqual([[[1, 5]]]);
});

test("a user who came after the cut is queried after the first half of their events", () => {
  const events = weightedEvents([
    [1, 3, 1],
    [0, 0, 20],
    [0, 1, 21],
    [0, 2, 22],
    [0, 3, 23],
    [2, 0, 24], // one event alone: no history to answer from
    [3, 0, 25],
    [3, 1, 25], // all at one moment
  ]);
  const withheld = withhold(events, 10, everything, { seed: 1 });
  expect(rowsOf(withheld.histories)).toEqual([
    [
      [0, 1],
      [1, 1],
    ],
  ]);
  expect(rowsOf(withheld.relevant)).toEqual([
    [
      [2, 1],
      [3, 1],
    ],
  ]);
});

test("with many users a sample is evaluated, the same one for the same seed", () => {
  const events = weightedEvents(
    Array.from({ length: 200 }, (_, user) => [
      [user, 0, 1] as [number, number, number],
      [user, 1 + (user % 7), 10] as [number, number, number],
    ]).flat(),
  );
  const sample = (seed: number) => [...withhold(events, 5, everything, { seed, mostUsers: 30 }).relevant.indices];
  expect(sample(1).length).toBe(30);
  expect(sample(1)).toEqual(sample(1));
  expect(sample(1)).not.toEqual(sample(2));
});

test("the cut holds out the newest share, keeping events with the same time together", () => {
  const events = weightedEvents(Array.from({ length: 100 }, (_, i) => [0, 0, i] as [number, number, number]));
  expect(cutTime(events, 0.1)).toBe(90);
  expect(cutTime(weightedEvents([[0, 0, 5]]), 0.1)).toBeNaN();
  expect(
    cutTime(
      weightedEvents([
        [0, 0, 5],
        [0, 1, 5],
      ]),
      0.5,
    ),
  ).toBeNaN();
});

test("events that don't count don't move the cut", () => {
  const events = weightedEvents(Array.from({ length: 200 }, (_, i) => [0, 0, i, i < 100 ? 1 : 0] as [number, number, number, number]));
  expect(cutTime(events, 0.1)).toBe(90);
});

test("the cut moves past what the live model has seen, if half of the share is left", () => {
  const events = weightedEvents(Array.from({ length: 100 }, (_, i) => [0, 0, i] as [number, number, number]));
  expect(cutTime(events, 0.1, 80)).toBe(90);
  expect(cutTime(events, 0.1, 92)).toBe(93);
  expect(cutTime(events, 0.1, 97)).toBe(90);
});

test("data without times gets a random order to hold out by; data with times is left alone", () => {
  const events = (time: (i: number) => number) =>
    weightedEvents(Array.from({ length: 1000 }, (_, i) => [i % 50, i % 31, time(i)] as [number, number, number]));
  const untimed = events((i) => (i < 150 ? i : 500));
  const shuffled = shuffledIfUntimed(untimed, 1);
  if (shuffled === undefined) throw new Error("not shuffled");
  expect(shuffled.user).toBe(untimed.user);
  expect(shuffled.time.toSorted()).toEqual(Float64Array.from({ length: 1000 }, (_, i) => i));
  expect(shuffledIfUntimed(untimed, 1)?.time).toEqual(shuffled.time);
  expect(shuffledIfUntimed(untimed, 2)?.time).not.toEqual(shuffled.time);
  const cut = cutTime(shuffled, 0.1);
  expect(cut).toBe(900);
  const { relevant } = withhold(shuffled, cut, everything, { seed: 1 });
  expect(relevant.rows).toBeGreaterThan(20);
  // Days, of which each has many events.
  expect(
    shuffledIfUntimed(
      events((i) => Math.floor(i / 500)),
      1,
    ),
  ).toBeUndefined();
  expect(
    shuffledIfUntimed(
      events((i) => i),
      1,
    ),
  ).toBeUndefined();
});
