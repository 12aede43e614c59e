import { expect, test } from "vitest";
import { Dataset } from "../../data/dataset.ts";
import { itemKnn } from "./item-knn.ts";

// a: ann, bob; b: ann, bob; c: bob, cat
const data = Dataset.fromRows([
  ...["a", "b"].map((item) => ({ user: "ann", item, weight: 2 })),
  ...["a", "b", "c"].map((item) => ({ user: "bob", item, weight: 1 })),
  { user: "cat", item: "c", weight: 4 },
]);

async function similarities(options: Parameters<typeof itemKnn>[0]): Promise<number[]> {
  const model = await itemKnn(options).fit(data);
  const to = new Map(model.similar?.("a").map(({ item, score }) => [item, score]));
  return [to.get("b") ?? 0, to.get("c") ?? 0];
}

const close = (actual: number[], expected: number[]) => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 5);
  });
};

test("cosine with and without shrinkage, by hand", async () => {
  close(await similarities({ similarity: "cosine", shrink: 0 }), [1, 1 / 2]);
  close(await similarities({ similarity: "cosine", shrink: 2 }), [2 / 4, 1 / 4]);
});

test("cosine of weights, by hand", async () => {
  // a = (2, 1, 0), b = (2, 1, 0), c = (0, 1, 4) over ann, bob, cat
  close(await similarities({ similarity: "cosine", shrink: 0, useWeights: true }), [1, 1 / Math.sqrt(5 * 17)]);
});

test("TF-IDF, by hand: rare users count more", async () => {
  const [ann, bob, cat] = [2, 3, 1].map((items) => Math.log(1 + 3 / items) ** 2);
  close(await similarities({ similarity: "tf-idf", shrink: 0 }), [1, bob / Math.sqrt((ann + bob) * (bob + cat))]);
  // With weights, their square roots.
  const c = bob / Math.sqrt((2 * ann + bob) * (bob + 4 * cat));
  close(await similarities({ similarity: "tf-idf", shrink: 0, useWeights: true }), [1, c]);
});

test("BM25, by hand", async () => {
  const [ann, bob] = [2, 3].map((items) => Math.log(1 + 3 / items) ** 2);
  // Every item has 2 interactions, the average: each weighs 2.2 / (1.2 + 1) = 1.
  close(await similarities({ similarity: "bm25" }), [ann + bob, bob]);
});

test("keeps only the most similar items, and never the item itself", async () => {
  close(await similarities({ similarity: "cosine", shrink: 0, neighbors: 1 }), [1, 0]);
  const model = await itemKnn({ similarity: "cosine" }).fit(data);
  expect(model.similar?.("a").some(({ item, score }) => item === "a" && score > 0)).toBe(false);
});

test("a score is the sum over the history, and the reasons are its terms", async () => {
  const model = await itemKnn({ similarity: "cosine", shrink: 0 }).fit(data);
  const [best] = model.recommend({ history: ["a", "b"] });
  expect(best.item).toBe("c");
  expect(best.score).toBeCloseTo(1, 6);
  const reasons = model.explain?.({ history: ["a", "b"] }, "c").reasons ?? [];
  close(
    reasons.map(({ contribution }) => contribution),
    [0.5, 0.5],
  );
});
