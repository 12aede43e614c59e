import { expect, test } from "vitest";
import { registry } from "../../models/registry.gen.ts";
import { chooseCandidates, type Shape, shapeOf } from "./choose-candidates.ts";
import { weightedEvents } from "./testing/weighted-events.ts";
import { trainingSet } from "./training-set.ts";

const shape: Shape = {
  ...{ users: 5000, items: 3000, pairs: 200_000, catalogue: 3000, itemPairs: 20_000_000 },
  ...{ meanSquare: 1, weighted: false, days: 365 },
};
const names = (one: Partial<Shape>) => chooseCandidates({ ...shape, ...one }).candidates.map(({ model }) => model);

test("the shape of a training set", () => {
  const day = 86_400_000;
  const events = weightedEvents([
    [0, 0, 0, 1],
    [0, 0, day, 1],
    [0, 3, day, 2],
    [4, 3, 3 * day, 2],
  ]);
  expect(shapeOf(trainingSet(events))).toEqual({
    ...{ users: 2, items: 2, pairs: 3, catalogue: 4, itemPairs: 5, meanSquare: 4, weighted: false, days: 2 },
  });
});

test("too little data: popularity alone, and it says so", () => {
  const { candidates, reason } = chooseCandidates({ ...shape, pairs: 499 });
  expect(candidates.map(({ model }) => model)).toEqual(["popularity"]);
  expect(reason).toBe(
    "Popularity only: 499 pairs of 5,000 users and 3,000 items are too few to learn tastes from; 500 pairs, 20 users and 10 items are the least.",
  );
});

test("three to five models with popularity among them, whatever the shape, and options that the models know", () => {
  for (const pairs of [1000, 100_000, 2_000_000, 20_000_000])
    for (const items of [50, 3000, 20_000, 500_000])
      for (const weighted of [false, true]) {
        const { candidates } = chooseCandidates({
          ...shape,
          pairs,
          items,
          catalogue: items,
          itemPairs: pairs * 50,
          weighted,
          meanSquare: 9,
        });
        expect(new Set(candidates.map((one) => JSON.stringify(one))).size).toBe(candidates.length);
        expect(candidates.length).toBeGreaterThanOrEqual(3);
        expect(candidates.length).toBeLessThanOrEqual(5);
        expect(candidates.map(({ model }) => model)).toContain("popularity");
        for (const { model, options, seconds } of candidates) {
          expect(registry[model](options).options).toMatchObject(options);
          expect(seconds).toBeGreaterThan(0);
        }
        expect(candidates.map(({ seconds }) => seconds)).toEqual(candidates.map(({ seconds }) => seconds).sort((a, b) => a - b));
      }
});

test("the catalogue decides which linear model is tried, and memory whether", () => {
  expect(names({ catalogue: 6000 })).toContain("ease");
  expect(names({ catalogue: 6001 })).toContain("sparse-ease");
  expect(names({ catalogue: 6001, itemPairs: 1e9 })).not.toContain("sparse-ease");
});

test("where weights differ, models are tried that take them in", () => {
  const { candidates } = chooseCandidates({ ...shape, weighted: true, meanSquare: 4 });
  expect(candidates.find(({ model }) => model === "als")?.options.confidence).toBe("log");
  const linear = candidates.filter(({ model }) => model === "ease").map(({ options }) => options);
  expect(linear).toEqual(
    expect.arrayContaining([
      { regularization: 2000, useWeights: true },
      { regularization: 500, useWeights: false },
    ]),
  );
});
