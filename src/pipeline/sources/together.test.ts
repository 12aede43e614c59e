import { describe, expect, test } from "vitest";
import { Random } from "../../util/random.ts";
import type { EventWeights } from "../event-weights.ts";
import { eventsOf, historyOf, sourceRequest } from "../testing/requests.ts";
import { PairCounts } from "./pair-counts.ts";
import { TogetherSource } from "./together.ts";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const weights: EventWeights = { types: ["view", "purchase", "dislike"], of: (type) => [1, 5, 0][type] };

/** Sessions of some users, one after the other in time. */
function sessions(lists: readonly (readonly number[])[], type = 0) {
  const from = type * 1000 * DAY;
  return eventsOf(
    lists.flatMap((items, session) => items.map((item, i) => ({ user: session % 7, item, time: from + session * DAY + i * MINUTE, type }))),
  );
}

describe("together", () => {
  // 0 goes with 1; 9 is in every session, so it goes with nothing in particular.
  const random = new Random(2);
  const usual = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? [9, 0, 1] : [9, 2 + random.integer(6), 2 + random.integer(6)]));

  test("returns items that co-occur more often than by chance, not those that co-occur with everything", () => {
    const source = new TogetherSource(weights);
    source.observe(sessions(usual));
    const { items } = source.candidates(sourceRequest(10, { anchors: Uint32Array.of(0), now: 300 * DAY }));
    expect(items[0]).toBe(1);
    expect(items).not.toContain(2);
    expect([...source.candidates(sourceRequest(10, { history: historyOf(1), now: 300 * DAY })).items][0]).toBe(0);
  });

  test("finds in data from years ago what it found the day after", () => {
    const source = new TogetherSource(weights);
    source.observe(sessions(usual));
    const { items } = source.candidates(sourceRequest(10, { anchors: Uint32Array.of(0), now: 3000 * DAY }));
    expect(items[0]).toBe(1);
  });

  test("learns a new pair within seconds, even for a brand-new item", () => {
    const source = new TogetherSource(weights);
    source.observe(sessions(usual));
    for (let i = 0; i < 4; i++)
      source.observe(
        eventsOf([
          { user: 20 + i, item: 3, time: 301 * DAY },
          { user: 20 + i, item: 42, time: 301 * DAY + MINUTE },
        ]),
      );
    const { items } = source.candidates(sourceRequest(50, { anchors: Uint32Array.of(42), now: 301 * DAY }));
    expect([...items]).toEqual([3]);
    expect(source.candidates(sourceRequest(50, { anchors: Uint32Array.of(3), now: 301 * DAY })).items[0]).toBe(42);
  });

  test("events an hour apart or from different users don't co-occur", () => {
    const source = new TogetherSource(weights);
    for (let i = 0; i < 20; i++) {
      const time = i * DAY;
      source.observe(
        eventsOf([
          { user: i, item: 0, time },
          { user: i, item: 1, time: time + 90 * MINUTE },
          { user: i + 100, item: 2, time },
        ]),
      );
    }
    expect(source.candidates(sourceRequest(3, { anchors: Uint32Array.of(0), now: 20 * DAY })).items).toHaveLength(0);
  });

  test("can be limited to one event type, and never counts events without a positive weight", () => {
    const both = new TogetherSource(weights);
    const bought = new TogetherSource(weights, { event: "purchase" });
    for (const source of [both, bought]) {
      source.observe(
        sessions(
          Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? [0, 1] : [2, 3, 4])),
          0,
        ),
      );
      source.observe(
        sessions(
          Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? [5, 6] : [2, 3, 4])),
          1,
        ),
      );
      source.observe(
        sessions(
          Array.from({ length: 30 }, () => [7, 8]),
          2,
        ),
      );
    }
    const of = (source: TogetherSource, item: number) => [...source.candidates(sourceRequest(9, { anchors: Uint32Array.of(item) })).items];
    expect(of(both, 0)).toEqual([1]);
    expect(of(both, 5)).toEqual([6]);
    expect(of(both, 7)).toEqual([]);
    expect(of(bought, 0)).toEqual([]);
    expect(of(bought, 5)).toEqual([6]);
  });

  test("what a user does again and again counts once a day", () => {
    const strength = (times: number, users: number) => {
      const source = new TogetherSource(weights);
      source.observe(sessions(usual));
      const now = 400 * DAY;
      for (let i = 0; i < times; i++)
        source.observe(eventsOf([20, 21].map((item) => ({ user: 100 + (i % users), item, time: now + i * 90 * MINUTE }))));
      const out = new Float32Array(1);
      source.score(sourceRequest(10, { anchors: Uint32Array.of(20), now }), Uint32Array.of(21), out);
      return out[0];
    };
    expect(strength(14, 1)).toBe(strength(1, 1));
    expect(strength(14, 14)).toBeGreaterThan(strength(1, 1));
  });

  test.each([
    ["returned", 2],
    ["disliked", 3],
  ])("what was %s doesn't go with anything anymore", (_, taker) => {
    const taking: EventWeights = {
      types: ["view", "purchase", "return", "dislike"],
      of: (type) => [1, 5, 0, -3][type],
      undoes: (type, other) => type === 2 && other === 1,
    };
    const bought = sessions(usual, 1);
    const rows = Array.from({ length: bought.length }, (_, i) => ({ user: bought.user[i], item: bought.item[i], time: bought.time[i] }));
    const learned = (more: Parameters<typeof eventsOf>[0], event?: string) => {
      const source = new TogetherSource(taking, { event });
      source.observe(eventsOf(more));
      const now = 1400 * DAY;
      return [0, 2].map((item) => [...source.candidates(sourceRequest(10, { anchors: Uint32Array.of(item), now })).items]);
    };
    const purchases = rows.map((row) => ({ ...row, type: 1 }));
    const back = rows.filter(({ item }) => item === 1).map((row) => ({ ...row, type: taker, time: row.time + MINUTE }));
    const kept = purchases.filter(({ item }) => item !== 1);
    for (const event of [undefined, "purchase"]) {
      expect(learned(purchases, event)[0][0]).toBe(1);
      expect(
        learned(
          [...purchases, ...back].sort((a, b) => a.time - b.time),
          event,
        ),
      ).toEqual(learned(kept, event));
    }
  });

  test("scores items, and says which history items speak for them", () => {
    const source = new TogetherSource(weights);
    source.observe(sessions(usual));
    const request = sourceRequest(10, { history: historyOf(4, 0), now: 300 * DAY });
    const { items, scores } = source.candidates(request);
    const out = new Float32Array(items.length);
    source.score(request, items, out);
    expect([...out]).toEqual([...scores]);
    expect(source.explain(request, 1).map(({ item }) => item)).toEqual([0]);
  });
});

test("bounded memory keeps recurring pairs despite any number of one-off pairs", () => {
  const pairs = new PairCounts();
  const random = new Random(6);
  for (let item = 0; item < 6000; item++) pairs.addItem(item, 1);
  for (let i = 0; i < 20_000; i++) {
    pairs.addPair(0, 100 + random.integer(5000), 1);
    if (i % 4 === 0) pairs.addPair(0, 1 + ((i / 4) % 4), 1);
  }
  const kept = new Map<number, number>();
  for (let at = pairs.first(0); at < pairs.end(0); at++) kept.set(pairs.neighborAt(at), pairs.countAt(at));
  expect(kept.size).toBeLessThanOrEqual(32);
  for (let item = 1; item <= 4; item++) {
    expect(kept.get(item)).toBeGreaterThan(600);
    expect(kept.get(item)).toBeLessThanOrEqual(1250);
  }
});
