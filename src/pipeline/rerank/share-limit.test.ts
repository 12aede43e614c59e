import { expect, test } from "vitest";
import type { FeatureTable } from "../../data/features.ts";
import { shareLimit } from "./share-limit.ts";

/** 30 items of tea, then `others` of pots. */
function columnsOf(others: number, kind: "category" | "categories"): FeatureTable {
  const codes = Uint32Array.from({ length: 30 + others }, (_, i) => (i < 30 ? 0 : 1));
  const names = ["tea", "pots"];
  const offsets = Uint32Array.from({ length: codes.length + 1 }, (_, i) => i);
  return { category: kind === "category" ? { type: "category", codes, names } : { type: "categories", codes, offsets, names } };
}

/** The list that the limit makes of members in order of relevance. */
function listed(columns: FeatureTable, count: number, k: number, share = 0.6): number[] {
  const members = Uint32Array.from({ length: count }, (_, i) => i);
  const limit = shareLimit(columns, { by: "category", share }, members, k);
  const list: number[] = [];
  while (list.length < Math.min(k, count)) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let position = 0; position < count; position++) {
      if (list.includes(position)) continue;
      const value = limit?.adjust(1 - position / count, position) ?? 1 - position / count;
      if (value > most) [most, best] = [value, position];
    }
    limit?.add(best);
    list.push(best);
  }
  return list;
}

test.each(["category", "categories"] as const)("one %s takes its share, and more only if nothing else is left", (kind) => {
  const tea = (list: readonly number[]) => list.filter((item) => item < 30).length;
  expect(tea(listed(columnsOf(20, kind), 50, 20))).toBe(12);
  const few = listed(columnsOf(3, kind), 33, 20);
  expect([few.length, tea(few)]).toEqual([20, 17]);
  expect(listed(columnsOf(0, kind), 30, 20)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  // Until then, relevance decides.
  expect(listed(columnsOf(20, kind), 50, 20).slice(0, 12)).toEqual(Array.from({ length: 12 }, (_, i) => i));
});

test("without the property, there is no limit", () => {
  expect(shareLimit({}, { by: "category", share: 0.6 }, new Uint32Array(3), 10)).toBeUndefined();
  const price: FeatureTable = { category: { type: "number", values: new Float64Array(3) } };
  expect(shareLimit(price, { by: "category", share: 0.6 }, new Uint32Array(3), 10)).toBeUndefined();
});
