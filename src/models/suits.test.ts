import { describe, expect, test } from "vitest";
import { Dataset } from "../data/dataset.ts";
import { type DataShape, shapeOf } from "../model/shape.ts";
import { registry } from "./registry.gen.ts";

const shape: DataShape = {
  ...{ users: 1000, items: 2000, pairs: 50_000, catalog: 2500, density: 0.025, repeats: 0, itemPairs: 4_000_000 },
  ...{ meanSquare: 4, weighted: false, days: 50, has: ["order", "times"] },
};
const proposalsOf = (name: string, change: Partial<DataShape> = {}) => [registry[name].definition.suits?.({ ...shape, ...change })].flat();
const proposalOf = (name: string, change: Partial<DataShape> = {}) => proposalsOf(name, change)[0];

describe("what models propose", () => {
  test("popularity fades within a tenth of the time there is, and not at all without times", () => {
    expect(proposalOf("popularity")).toEqual({ options: { halfLife: 5 }, seconds: 0.0025, bytes: 20_000 });
    expect(proposalOf("popularity", { days: 10_000 })?.options).toEqual({ halfLife: 90 });
    expect(proposalOf("popularity", { has: ["order"] })?.options).toEqual({ halfLife: 0 });
  });

  test("item-knn shrinks more where items have few interactions", () => {
    expect(proposalOf("item-knn")).toEqual({ options: { neighbors: 200, shrink: 100 }, seconds: 0.04, bytes: 3_210_004 });
    expect(proposalOf("item-knn", { items: 900 })?.options).toEqual({ neighbors: 200, shrink: 10 });
    expect(proposalsOf("item-knn")[1]).toMatchObject({ newest: 1 / 8, options: { shrink: 100 }, seconds: 0.005 });
    expect(proposalsOf("item-knn", { pairs: 3999 }).length).toBe(1);
  });

  test("ease up to 6,000 items, sparse-ease beyond as long as the pairs of items fit", () => {
    expect(proposalOf("ease")).toEqual({
      options: { regularization: 500, useWeights: false },
      seconds: 2500 ** 3 / 2e10 + 0.004,
      bytes: 25_000_000,
    });
    expect(proposalOf("ease", { weighted: true })?.options).toEqual({ regularization: 2000, useWeights: true });
    expect(proposalsOf("ease", { weighted: true }).map((one) => one?.options.useWeights)).toEqual([true, false]);
    expect(proposalOf("ease", { catalog: 6001 })).toBeUndefined();
    expect(proposalOf("sparse-ease")).toBeUndefined();
    expect(proposalOf("sparse-ease", { catalog: 6001 })).toMatchObject({
      options: { neighbors: 100, regularization: 80, useWeights: false },
      seconds: 0.08 + 0.4,
    });
    expect(proposalOf("sparse-ease", { catalog: 6001, itemPairs: 2.1e8 })).toBeUndefined();
  });

  test("als takes longer vectors with more data, and weights by their logarithm", () => {
    expect(proposalOf("als")).toMatchObject({
      options: { factors: 32, regularization: 0.01, unobservedWeight: 10, confidence: "binary" },
      seconds: ((400_000 + 3500 * 32) * 640) / 8e9,
    });
    expect(proposalOf("als", { pairs: 1e6, weighted: true })?.options).toMatchObject({
      factors: 64,
      regularization: 0.003,
      confidence: "log",
    });
    expect(proposalOf("als", { pairs: 1e7 })?.options).toMatchObject({ factors: 128 });
  });

  test("what is no choice for unseen data proposes nothing", () => {
    for (const name of ["random", "svd", "svdpp", "bpr", "user-knn"]) expect(proposalOf(name)).toBeUndefined();
  });
});

test("the shape of data, by hand", () => {
  const rows = [
    { user: "a", item: "x", weight: 2, time: 0 },
    { user: "a", item: "x", weight: 2, time: 86_400_000 },
    { user: "a", item: "y", weight: 1, time: 43_200_000 },
    { user: "b", item: "y", weight: 1, time: Number.NaN },
  ];
  const all = Dataset.fromRows([...rows, { user: "c", item: "z" }]);
  expect(shapeOf(all.select(Uint32Array.of(0, 1, 2, 3), { step: "part" }))).toEqual({
    ...{ users: 2, items: 2, pairs: 3, catalog: 3, density: 0.75, repeats: 0.25, itemPairs: 5 },
    ...{ meanSquare: 2.5, weighted: true, days: 1, has: ["order", "times"] },
  });
});
