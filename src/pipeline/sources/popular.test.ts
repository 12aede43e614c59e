import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventWeights } from "../event-weights.ts";
import { eventsOf, sourceRequest } from "../testing/requests.ts";
import { PopularSource } from "./popular.ts";

const DAY = 86_400_000;
const weights: EventWeights = { types: ["view", "buy", "dislike"], of: (type) => [1, 5, -1][type] };

test("counts events by weight; each user counts once per item, by the strongest event", () => {
  const popular = new PopularSource(weights);
  popular.observe(
    eventsOf([
      { item: 2, time: 0 },
      { item: 2, time: 1, user: 1 },
      { item: 2, time: 2, user: 1 },
      { item: 5, time: 0, type: 1 },
      { item: 3, time: 0, type: 2 },
      { item: 1, time: 9 },
    ]),
  );
  const { items, scores } = popular.candidates(sourceRequest(9));
  expect([...items]).toEqual([5, 2, 1]);
  expect([...scores]).toEqual([5, 2, 1]);
});

test("counts each event of a given type as 1", () => {
  const popular = new PopularSource(weights, { event: "view" });
  popular.observe(eventsOf([{ item: 0, time: 0, type: 1 }, ...[1, 1, 0].map((item, user) => ({ user, item, time: 0, value: 7 }))]));
  expect([...popular.candidates(sourceRequest(3)).scores]).toEqual([2, 1]);
});

test("with a half-life, old events decay, whatever their order and distance in time", () => {
  const popular = new PopularSource(weights, { halfLife: DAY });
  const now = 10_000 * DAY;
  popular.observe(eventsOf([{ item: 0, time: now - DAY }]));
  popular.observe(eventsOf([{ item: 1, time: now }]));
  popular.observe(eventsOf([{ item: 2, time: now - 3 * DAY }]));
  popular.observe(eventsOf([{ item: 3, time: 0 }]));
  popular.observe(eventsOf([{ user: 1, item: 0, time: now - 3 * DAY }]));
  const { items, scores } = popular.candidates(sourceRequest(4, { now: now + DAY }));
  expect([...items.slice(0, 3)]).toEqual([1, 0, 2]);
  [0.5, 0.25 + 1 / 16, 1 / 16].forEach((expected, i) => {
    expect(Math.abs(scores[i] - expected)).toBeLessThan(1e-3);
  });
});

test("keeps order and counts exact for any mix of small and large batches", () => {
  const batch = fc.array(fc.record({ item: fc.nat(40), type: fc.nat(1) }), { maxLength: 120 });
  fc.assert(
    fc.property(fc.array(batch, { minLength: 1, maxLength: 8 }), fc.array(fc.nat(45), { maxLength: 30 }), (batches, forbidden) => {
      const popular = new PopularSource(weights);
      let user = 0;
      const counts = new Float64Array(50);
      const allowed = new Uint8Array(50).fill(1);
      for (const item of forbidden) allowed[item] = 0;
      for (const events of batches) {
        popular.observe(eventsOf(events.map((event) => ({ ...event, user: user++, time: 0 }))));
        for (const { item, type } of events) counts[item] += type === 1 ? 5 : 1;
        const expected = [...counts.keys()].filter((item) => allowed[item] === 1 && counts[item] > 0);
        expected.sort((a, b) => counts[b] - counts[a] || a - b);
        expect([...popular.candidates(sourceRequest(50, { allowed, k: 7 })).items]).toEqual(expected.slice(0, 7));
      }
      const out = new Float32Array(50);
      popular.score(sourceRequest(50), Uint32Array.from(counts.keys()), out);
      expect([...out]).toEqual([...counts]);
    }),
  );
});

test("what a user takes back counts no more, in either order of arrival", () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const popular = new PopularSource(weights);
    const rows = [
      { item: 0, time: 1, type: 1 },
      { item: 0, time: 2, type: 2 },
    ];
    popular.observe(eventsOf([...order.map((at) => rows[at]), { item: 1, time: 0 }]));
    expect([...popular.candidates(sourceRequest(2)).items]).toEqual([1]);
  }
});
