import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventColumns } from "../../data/event-columns.ts";
import { EventWeighting } from "../learning/event-weighting.ts";
import { takeBack } from "./take-back.ts";

const types = ["view", "purchase", "return", "like", "dislike", "rating"];

function weighed(rows: readonly { user: number; item: number; type: string; value?: number }[]): number[] {
  const weights = new EventWeighting(undefined, () => types);
  const columns = {
    length: rows.length,
    user: Uint32Array.from(rows, ({ user }) => user),
    item: Uint32Array.from(rows, ({ item }) => item),
    type: Uint8Array.from(rows, ({ type }) => types.indexOf(type)),
    value: Float64Array.from(rows, ({ value = 1 }) => value),
    time: Float64Array.from(rows, (_, at) => at),
  };
  const weight = Float32Array.from(rows, (_, at) => weights.of(columns.type[at], columns.value[at]));
  takeBack(columns as unknown as EventColumns, weight, weights);
  return [...weight];
}

test("what was taken back, or is only disliked, is no interest; the rest is untouched", () => {
  const of = (user: number, item: number, type: string, value = 1) => ({ user, item, type, value });
  expect(weighed([of(1, 1, "purchase"), of(1, 1, "return"), of(2, 1, "purchase"), of(1, 2, "purchase")])).toEqual([0, 0, 5, 5]);
  expect(weighed([of(1, 1, "dislike"), of(2, 2, "rating", -1)])).toEqual([0, 0]);
  expect(weighed([of(1, 1, "purchase"), of(1, 1, "return"), of(1, 1, "purchase")])).toEqual([0, 0, 5].map((w, at) => (at === 1 ? -1 : w)));
  expect(weighed([of(1, 1, "like"), of(1, 1, "dislike"), of(1, 1, "like")])[2]).toBe(3);
  expect(weighed([of(1, 1, "view"), of(1, 1, "view")])).toEqual([1, 1]);
});

test("says which events were taken back: explicitly, or because the sum isn't above 0", () => {
  const weights = new EventWeighting(undefined, () => types);
  const rows = ["purchase", "return", "view", "view", "dislike"].map((type) => types.indexOf(type));
  const columns = {
    ...{ length: 5, user: new Uint32Array(5), item: Uint32Array.of(1, 1, 2, 3, 3), type: Uint8Array.from(rows) },
    ...{ value: new Float64Array(5).fill(1), time: Float64Array.from(rows.keys()) },
  };
  const weight = Float32Array.from(rows, (type) => weights.of(type, 1));
  expect(takeBack(columns as unknown as EventColumns, weight, weights)).toEqual(Uint8Array.of(1, 0, 0, 1, 0));
});

test("no pair that ends in a dislike keeps a positive weight, among many pairs", () => {
  const row = fc.record({ user: fc.nat(20), item: fc.nat(20), type: fc.constantFrom("view", "purchase", "dislike") });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 300 }), (rows) => {
      const weight = weighed(rows);
      const last = new Map(rows.map(({ user, item, type }) => [`${user} ${item}`, type]));
      rows.forEach(({ user, item }, at) => {
        if (last.get(`${user} ${item}`) === "dislike") expect(weight[at]).toBeLessThanOrEqual(0);
      });
      const quiet = new Set(rows.filter(({ type }) => type === "dislike").map(({ user, item }) => `${user} ${item}`));
      rows.forEach(({ user, item, type }, at) => {
        if (!quiet.has(`${user} ${item}`)) expect(weight[at]).toBe(type === "view" ? 1 : 5);
      });
    }),
  );
});
