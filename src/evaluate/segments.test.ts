import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csrFromCoordinates } from "../data/csr.ts";
import { Random } from "../util/random.ts";
import { abcInterval, bootstrapInterval } from "./bootstrap.ts";
import { byHistoryLength, byItemPopularity } from "./segments.ts";

const lengthsOf = (lengths: number[]) => {
  const row = Uint32Array.from(lengths.flatMap((length, user) => Array.from({ length }, () => user)));
  return byHistoryLength(Uint32Array.from(lengths.keys()), csrFromCoordinates(lengths.length, 1, row, new Uint32Array(row.length)));
};

describe("users by history length", () => {
  it("are cold, or in groups named by their bounds", () => {
    const { names, group } = lengthsOf([0, 1, 1, 2, 5, 5, 8, 9, 20, 21, 40]);
    expect(names).toEqual(["0, cold", "1", "2-5", "8", "9-20", "21-40"]);
    expect([...group]).toEqual([0, 1, 1, 2, 2, 2, 3, 4, 4, 5, 5]);
  });

  it("stay together if their histories have the same length", () => {
    expect(lengthsOf([7, 7, 7]).names).toEqual(["7"]);
    expect(lengthsOf([0, 0]).names).toEqual(["0, cold"]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 }), (lengths) => {
        const { names, group } = lengthsOf(lengths);
        lengths.forEach((length, user) => {
          const [low, high = low] = names[group[user]].split(/[-,]/).map(Number);
          expect(length >= low && (length <= high || Number.isNaN(high))).toBe(true);
        });
      }),
    );
  });
});

it("items by popularity: each group has a third of the interactions, unknown items are in the tail", () => {
  const popularity = Uint32Array.of(5, 0, 60, 30, 25, 0, 60);
  const order = Uint32Array.of(2, 6, 3, 4, 0, 1, 5);
  // Of 180: item 2 starts at 0, 6 at 60, 3 at 120, 4 at 150, 0 at 175.
  expect([...byItemPopularity(popularity, order).group]).toEqual([2, 2, 0, 2, 2, 2, 1]);
});

it("the approximate interval is the limit of the bootstrap with many resamples", () => {
  const random = new Random(2);
  const sums = Float64Array.from({ length: 200 }, () => Math.max(0, random.normal() - 0.8) ** 2);
  const [low, high] = abcInterval({ sums }, 0.95);
  const [bootLow, bootHigh] = bootstrapInterval(sums, { resamples: 40_000 });
  const width = bootHigh - bootLow;
  expect(Math.abs(low - bootLow) / width).toBeLessThan(0.03);
  expect(Math.abs(high - bootHigh) / width).toBeLessThan(0.03);
  expect(abcInterval({ sums: Float64Array.of(1) }, 0.95)).toEqual([Number.NaN, Number.NaN]);
  expect(abcInterval({ sums: Float64Array.of(1, 1) }, 0.95)).toEqual([1, 1]);
});
