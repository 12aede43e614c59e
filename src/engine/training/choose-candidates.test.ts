import { expect, test } from "vitest";
import { defineModel } from "../../model/define-model.ts";
import type { DataShape } from "../../model/shape.ts";
import { chooseCandidates } from "./choose-candidates.ts";
import { builtInModels } from "./model-table.ts";

const shape: DataShape = {
  ...{ users: 5000, items: 3000, pairs: 200_000, catalog: 3000, itemPairs: 20_000_000, density: 0.01, repeats: 0 },
  ...{ meanSquare: 1, weighted: false, days: 365, has: ["order", "times"] },
};
const MEMORY = 16e9;
const chosen = (one: Partial<DataShape> = {}) => chooseCandidates({ ...shape, ...one }, builtInModels, MEMORY);
const names = (one: Partial<DataShape>) => chosen(one).candidates.map(({ model }) => model);

test("too little data: popularity only, and the reason says so", () => {
  const { candidates, reason } = chosen({ pairs: 499 });
  expect(candidates.map(({ model }) => model)).toEqual(["popularity"]);
  expect(reason).toBe(
    "Popularity only: 499 pairs of 5,000 users and 3,000 items are too few to personalize; the minimum is 500 pairs, 20 users and 10 items.",
  );
});

test("three or more models, including popularity, for every shape of data, with valid options", () => {
  for (const pairs of [1000, 100_000, 2_000_000, 20_000_000])
    for (const items of [50, 3000, 20_000, 500_000])
      for (const weighted of [false, true]) {
        const { candidates } = chosen({ pairs, items, catalog: items, itemPairs: pairs * 50, weighted, meanSquare: 9 });
        expect(new Set(candidates.map((one) => JSON.stringify(one))).size).toBe(candidates.length);
        expect(candidates.length).toBeGreaterThanOrEqual(3);
        expect(candidates.map(({ model }) => model)).toContain("popularity");
        for (const { model, options, seconds } of candidates) {
          expect(builtInModels[model](options).options).toMatchObject(options);
          expect(seconds).toBeGreaterThan(0);
        }
        expect(candidates.map(({ seconds }) => seconds)).toEqual(candidates.map(({ seconds }) => seconds).sort((a, b) => a - b));
      }
});

test("the catalog size decides which linear model is tried, and memory decides whether", () => {
  expect(names({ catalog: 6000 })).toContain("ease");
  expect(names({ catalog: 6001 })).toContain("sparse-ease");
  expect(names({ catalog: 6001, itemPairs: 1e9 })).not.toContain("sparse-ease");
  const { candidates, leftOut } = chooseCandidates({ ...shape, catalog: 6000 }, builtInModels, 5e8);
  expect(candidates.map(({ model }) => model)).not.toContain("ease");
  expect(leftOut).toContainEqual({ model: "ease", reason: "It needs 0.1 GB, more than a quarter of this machine's memory." });
});

test("if weights differ, models that use them are tried, and also the linear one without them", () => {
  const { candidates } = chosen({ weighted: true, meanSquare: 4 });
  expect(candidates.find(({ model }) => model === "als")?.options.confidence).toBe("log");
  const linear = candidates.filter(({ model }) => model === "ease").map(({ options }) => options);
  expect(linear).toEqual([
    { regularization: 2000, useWeights: true },
    { regularization: 500, useWeights: false },
  ]);
});

test("the newest eighth is tried if it has enough data", () => {
  expect(
    chosen()
      .candidates.filter(({ newest }) => newest === 1 / 8)
      .map(({ model }) => model),
  ).toEqual(["item-knn"]);
  expect(chosen({ pairs: 3000 }).candidates.some(({ newest }) => newest !== undefined)).toBe(false);
});

test("a custom model takes part in the choice, and is left out if the data lacks what it needs", () => {
  const own = defineModel({
    ...{ name: "own", family: "example", options: {}, needs: ["order", "itemFeatures"] },
    suits: ({ pairs }) => ({ options: {}, seconds: pairs / 1e6, bytes: 8 }),
    fit: () => ({}),
    score() {},
  });
  const models = { ...builtInModels, own };
  const without = chooseCandidates(shape, models, MEMORY);
  expect(without.candidates.map(({ model }) => model)).not.toContain("own");
  expect(without.leftOut).toEqual([{ model: "own", reason: "It needs itemFeatures, which the project does not have." }]);
  const withFeatures = chooseCandidates({ ...shape, has: [...shape.has, "itemFeatures"] }, models, MEMORY);
  expect(withFeatures.candidates).toContainEqual({ model: "own", options: {}, seconds: 0.2 });
});
