import { expect, test } from "vitest";
import { Dataset } from "../../data/dataset.ts";
import { Random } from "../../util/random.ts";
import { userKnn } from "./user-knn.ts";

const data = Dataset.fromRows([
  ...["a", "b"].map((item) => ({ user: "ann", item })),
  ...["a", "c", "d"].map((item) => ({ user: "bob", item })),
  ...["d", "e"].map((item) => ({ user: "cat", item })),
]);

const scoresOf = (list: readonly { item: string | number; score: number }[]) =>
  Object.fromEntries(list.map(({ item, score }) => [item, score]));

test("cosine by hand: what similar users have, weighted by how similar they are", async () => {
  const model = await userKnn({ similarity: "cosine", shrink: 0 }).fit(data);
  const scores = scoresOf(model.recommend({ history: ["a"] }));
  expect(scores.b).toBeCloseTo(1 / Math.sqrt(2), 6);
  expect(scores.c).toBeCloseTo(1 / Math.sqrt(3), 6);
  expect(scores.d).toBeCloseTo(1 / Math.sqrt(3), 6);
  expect(scores.e).toBe(0);
});

test("uses only the nearest users, and shrinks", async () => {
  const nearest = await userKnn({ similarity: "cosine", shrink: 0, neighbors: 1 }).fit(data);
  expect(scoresOf(nearest.recommend({ history: ["a"] })).c).toBe(0);
  const shrunk = await userKnn({ similarity: "cosine", shrink: 1 }).fit(data);
  expect(scoresOf(shrunk.recommend({ history: ["a"] })).b).toBeCloseTo(1 / (Math.sqrt(2) + 1), 6);
});

test("TF-IDF by hand: sharing a rare item counts more", async () => {
  const model = await userKnn({ similarity: "tf-idf", shrink: 0 }).fit(data);
  // Squared weights of items that 2 and 1 of 3 users have.
  const [two, one] = [Math.log(1 + 3 / 2) ** 2, Math.log(1 + 3) ** 2];
  expect(scoresOf(model.recommend({ history: ["a"] })).b).toBeCloseTo(two / Math.sqrt(two * (two + one)), 5);
});

test("the reasons of every weighting add up to the score", async () => {
  const random = new Random(3);
  const rows = Array.from({ length: 600 }, () => ({ user: random.integer(40), item: random.integer(30), weight: 1 + random.integer(5) }));
  for (const similarity of ["cosine", "tf-idf", "bm25"] as const)
    for (const useWeights of [false, true]) {
      const model = await userKnn({ similarity, useWeights, neighbors: 10 }).fit(Dataset.fromRows(rows));
      const query = { history: [1, 2, 3, 4].map((item) => ({ item, weight: item })) };
      const [{ item, score }] = model.recommend(query);
      const reasons = model.explain?.(query, item).reasons ?? [];
      expect(reasons.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(score, 4);
      expect(score).toBeGreaterThan(0);
    }
});
