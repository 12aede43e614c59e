import { expect, test } from "vitest";
import { weightedEvents } from "./testing/weighted-events.ts";
import { trainingSet } from "./training-set.ts";

const events = weightedEvents([
  [7, 2, 10, 1],
  [7, 2, 30, 4],
  [3, 0, 20, 2],
  [3, 4, 40, 0],
  [5, 1, 50, 3],
]);

test("items keep their indices, users without events in favor are dropped, and repeats are added up", () => {
  const data = trainingSet(events);
  expect(data.items.ids).toEqual([0, 1, 2, 3, 4]);
  expect(data.users.ids).toEqual([7, 3, 5]);
  expect([...data.byUser().offsets]).toEqual([0, 1, 2, 3]);
  expect([...data.byUser().indices]).toEqual([2, 0, 1]);
  expect([...data.byUser().values]).toEqual([5, 2, 3]);
  expect([...(data.interactions.time ?? [])]).toEqual([30, 20, 50]);
});

test("only events before a given time", () => {
  const data = trainingSet(events, { before: 30 });
  expect(data.users.ids).toEqual([7, 3]);
  expect([...data.byUser().values]).toEqual([1, 2]);
  expect(data.items.size).toBe(5);
});

test("only the newest share of them", () => {
  const data = trainingSet(events, { newest: 0.5 });
  expect(data.users.ids).toEqual([7, 5]);
  expect([...data.byUser().values]).toEqual([4, 3]);
  expect(trainingSet(events, { before: 50, newest: 0.3 }).users.ids).toEqual([7]);
});

test("models that need order are fitted on every event, with types; features match users and items", () => {
  const events = weightedEvents([
    [1, 0, 5, 1, 0],
    [1, 0, 6, 2, 1],
    [2, 1, 7],
  ]);
  const items = { price: { type: "number", values: Float64Array.of(9) } } as const;
  const users = { age: { type: "number", values: Float64Array.of(20, 30, 40) } } as const;
  const data = trainingSet(events, { entries: true }, { items, users, eventTypes: ["view", "buy"] });
  expect(data.interactions).toEqual({
    user: Uint32Array.of(0, 0, 1),
    item: Uint32Array.of(0, 0, 1),
    weight: Float64Array.of(1, 2, 1),
    time: Float64Array.of(5, 6, 7),
    type: Uint8Array.of(0, 1, 0),
  });
  expect(data.eventTypes).toEqual(["view", "buy"]);
  // The item added after the table was made has no features.
  expect(data.itemFeatures).toEqual({ price: { type: "number", values: Float64Array.of(9, Number.NaN) } });
  expect(data.userFeatures).toEqual({ age: { type: "number", values: Float64Array.of(30, 40) } });
});
