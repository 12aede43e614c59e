import { expect, test } from "vitest";
import { Dataset } from "../../data/dataset.ts";
import { popularity } from "./popularity.ts";

const day = 86_400_000;

test("counts interactions, leaves out seen items, and breaks ties by index", async () => {
  const rows = [..."aabbbc"].map((item, i) => ({ user: i, item }));
  const model = await popularity().fit(Dataset.fromRows(rows));
  expect(model.recommend({ history: [] })).toEqual([
    { item: "b", score: 3 },
    { item: "a", score: 2 },
    { item: "c", score: 1 },
  ]);
  expect(model.recommend({ history: ["b"] }).map(({ item }) => item)).toEqual(["a", "c"]);
});

test("with a half-life, the weight of an interaction halves with each half-life of age", async () => {
  const rows = [
    { user: 1, item: "old", time: 0 },
    { user: 2, item: "old", time: 0 },
    { user: 3, item: "old", time: 10 * day },
    { user: 1, item: "new", time: 20 * day },
    { user: 2, item: "new", time: 20 * day },
    { user: 9, item: "unknown" },
  ];
  const model = await popularity({ halfLife: 10 }).fit(Dataset.fromRows(rows));
  // 2^-2 + 2^-2 + 2^-1 = 1; an interaction without a time counts as infinitely old.
  expect(model.recommend({ history: [] })).toEqual([
    { item: "new", score: 2 },
    { item: "old", score: 1 },
    { item: "unknown", score: 0 },
  ]);
});

test("an update moves the clock forward like a refit", async () => {
  const before = Dataset.fromRows([
    { user: 1, item: "a", time: 0 },
    { user: 2, item: "b", time: 3 * day },
  ]);
  const after = before.append([
    { user: 3, item: "c", time: 9 * day },
    { user: 3, item: "a", time: 5 * day },
  ]);
  const spec = popularity({ halfLife: 4 });
  const updated = await (await spec.fit(before)).update?.(after);
  expect(updated?.recommend({ history: [] })).toEqual((await spec.fit(after)).recommend({ history: [] }));
});

test("a half-life without times is an error that says so", async () => {
  await expect(popularity({ halfLife: 7 }).fit(Dataset.fromRows([{ user: 1, item: 1 }]))).rejects.toThrow(/needs interaction times/);
});
