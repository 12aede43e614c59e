// Minimum accuracy of predicted ratings: five-fold random cross-validation, root mean squared error over held-out ratings, then the mean over folds.
// The target values are those in Surprise's README for its default parameters. Our models run with their defaults.
import { evaluate, loadDataset, type ModelSpec } from "recobase";
import { kFold } from "recobase/data";
import { svd, svdpp } from "recobase/models";
import { expect, test } from "vitest";
import { realData } from "../src/testing/real-data.ts";

async function expectRmse(spec: ModelSpec, name: "ml-100k" | "ml-1m", layout: string, most: number): Promise<void> {
  const data = await loadDataset(realData(name) ?? "", { layout });
  let sum = 0;
  for (const split of kFold(data, { folds: 5, seed: 0 })) {
    const { models } = await evaluate([spec], split, { k: 10, metrics: ["rmse"], resamples: 0, segments: [] });
    sum += models[0].metrics.rmse.value ?? Number.NaN;
  }
  console.log(`${spec.name} on ${name}: rmse ${(sum / 5).toFixed(4)}`);
  expect(sum / 5).toBeLessThanOrEqual(most);
}

for (const [name, layout, svdMost, svdppMost] of [
  ["ml-100k", "movielens-100k", 0.934, 0.919],
  ["ml-1m", "movielens-1m", 0.873, 0.862],
] as const) {
  const missing = realData(name) === undefined;
  if (missing) console.warn(`Skipping the accuracy tests on ${name}: data not found. Set RECOBASE_DATA to the folder that contains it.`);
  test.skipIf(missing)(`svd on ${name}`, () => expectRmse(svd(), name, layout, svdMost));
  test.skipIf(missing)(`svdpp on ${name}`, () => expectRmse(svdpp(), name, layout, svdppMost));
}
