import { expect, test } from "vitest";
import { Dataset } from "./dataset.ts";

test("a dataset says in a line what it holds", () => {
  const data = Dataset.fromRows([
    { user: 1, item: "a", time: 5, context: { hour: 9 } },
    { user: 2, item: "a", time: 6, context: { hour: 10 } },
  ]);
  expect(String(data)).toBe("Dataset(2 interactions of 2 users with 1 item, time, context hour)");
  expect(String(Dataset.fromRows([]))).toBe("Dataset(0 interactions of 0 users with 0 items)");
});
