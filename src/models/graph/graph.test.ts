import { expect, test } from "vitest";
import { Dataset } from "../../data/dataset.ts";
import { Random } from "../../util/random.ts";
import { rp3beta } from "./rp3beta.ts";
import { twoHopFilter } from "./two-hop-filter.ts";

// a: ann, bob; b: ann; c: bob, cat
const data = Dataset.fromRows([
  ...["a", "b"].map((item) => ({ user: "ann", item, weight: 3 })),
  ...["a", "c"].map((item) => ({ user: "bob", item, weight: 1 })),
  { user: "cat", item: "c", weight: 2 },
]);

const scoresOf = (list: readonly { item: string | number; score: number }[]) =>
  Object.fromEntries(list.map(({ item, score }) => [item, score]));

test("rp3beta by hand: the probability of walking from item to user to item, over popularity", async () => {
  const walk = scoresOf((await rp3beta({ alpha: 1, beta: 0 }).fit(data)).recommend({ history: ["a"] }));
  expect(walk.b).toBeCloseTo(1 / 4, 6);
  expect(walk.c).toBeCloseTo(1 / 4, 6);
  const held = scoresOf((await rp3beta({ alpha: 2, beta: 1 }).fit(data)).recommend({ history: ["a"] }));
  expect(held.b).toBeCloseTo(1 / 16, 6);
  expect(held.c).toBeCloseTo(1 / 16 / 2, 6);
});

test("rp3beta by hand, with weights: steps are proportional to them", async () => {
  const walk = scoresOf(
    (await rp3beta({ alpha: 1, beta: 0, useWeights: true }).fit(data)).recommend({ history: [{ item: "a", weight: 1 }] }),
  );
  expect(walk.b).toBeCloseTo((3 / 4) * (3 / 6), 6);
  expect(walk.c).toBeCloseTo((1 / 4) * (1 / 2), 6);
});

test("the two-hop filter by hand", async () => {
  const model = await twoHopFilter({ sourceExponent: 1, userExponent: 0.5, targetExponent: 2 }).fit(data);
  const scores = scoresOf(model.recommend({ history: ["a"] }));
  expect(scores.b).toBeCloseTo((1 / 2) * 2 ** -0.5, 6);
  expect(scores.c).toBeCloseTo(((1 / 2) * 2 ** -0.5) / 4, 6);
  expect(model.similar?.("a")[0]).toEqual({ item: "b", score: expect.closeTo((1 / 2) * 2 ** -0.5, 6) });
});

test("the two-hop filter is rp3beta without a limit on neighbors; similar and explain are the terms of its scores", async () => {
  const random = new Random(9);
  const rows = Array.from({ length: 900 }, () => ({ user: random.integer(70), item: Math.floor(random.uniform() ** 2 * 50) }));
  const all = Dataset.fromRows(rows);
  const filter = await twoHopFilter({ sourceExponent: 1, userExponent: 1, targetExponent: 0.4 }).fit(all);
  const walk = await rp3beta({ neighbors: 1000, alpha: 1, beta: 0.4 }).fit(all);
  for (const user of [0, 5, 9]) {
    const expected = scoresOf(walk.recommend({ user }, { k: 50 }));
    for (const { item, score } of filter.recommend({ user }, { k: 50 })) expect(score).toBeCloseTo(expected[item], 5);
  }
  const [{ item, score }] = filter.recommend({ user: 5 });
  const reasons = filter.explain?.({ user: 5 }, item).reasons ?? [];
  expect(reasons.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(score, 5);
  const similar = scoresOf(filter.similar?.(reasons[0].item, { k: 50 }) ?? []);
  expect(similar[item]).toBeCloseTo(reasons[0].contribution, 5);
});
