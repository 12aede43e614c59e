import { expect, test } from "vitest";
import { Dataset } from "../../data/dataset.ts";
import { random } from "./random.ts";

const data = Dataset.fromRows(Array.from({ length: 2000 }, (_, i) => ({ user: i % 7, item: i })));

test("a history gets the same order each time; another history or seed gets another order", async () => {
  const model = await random().fit(data);
  const list = (history: number[]) => model.recommend({ history }, { k: 20 }).map(({ item }) => item);
  expect(list([1, 2])).toEqual(list([1, 2]));
  expect(list([1, 2])).not.toEqual(list([1, 3]));
  const other = await random().fit(data, { seed: 2 });
  expect(other.recommend({ history: [1, 2] }, { k: 20 }).map(({ item }) => item)).not.toEqual(list([1, 2]));
});

test("scores are spread evenly over [0, 1)", async () => {
  const model = await random().fit(data);
  const scores = model.recommend({ history: [] }, { k: 2000 }).map(({ score }) => score);
  const tenths = new Array(10).fill(0);
  for (const score of scores) tenths[Math.floor(score * 10)]++;
  // 200 expected in each; 5 standard deviations are 67.
  for (const count of tenths) expect(Math.abs(count - 200)).toBeLessThan(67);
});
