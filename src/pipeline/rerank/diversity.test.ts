import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FeatureTable, MISSING } from "../../data/features.ts";
import { calibrate } from "./calibration.ts";
import { determinantalPointProcess } from "./diversity/dpp.ts";
import { maximalMarginalRelevance } from "./diversity/mmr.ts";
import { ItemSimilarity } from "./item-similarity.ts";

const columns: FeatureTable = {
  brand: { type: "category", codes: Uint32Array.of(0, 0, 1, MISSING), names: ["a", "b"] },
  tags: { type: "categories", offsets: Uint32Array.of(0, 2, 4, 5, 5), codes: Uint32Array.of(0, 1, 0, 2, 1), names: ["x", "y", "z"] },
  price: { type: "number", values: Float64Array.of(10, 20, 30, Number.NaN) },
  embedding: { type: "vector", dimensions: 2, values: Float32Array.of(1, 0, 0, 2, -1, 0, Number.NaN, Number.NaN) },
};
const members = Uint32Array.of(0, 1, 2, 3);

function similarities(by: readonly string[] | undefined, member: number): number[] {
  const out = new Float64Array(members.length);
  new ItemSimilarity(columns, by, members).toAll(member, out);
  return [...out];
}

/** An arbitrary table of `n` items with all suitable types. */
function anyTable(n: number): fc.Arbitrary<FeatureTable> {
  const tags = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }), { minLength: n, maxLength: n });
  const codes = fc.array(fc.constantFrom(0, 1, 2, MISSING), { minLength: n, maxLength: n });
  const numbers = fc.array(fc.constantFrom(0, 1, 2.5, 7, Number.NaN), { minLength: n, maxLength: n });
  const vectors = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3 * n, maxLength: 3 * n });
  return fc.tuple(tags, codes, numbers, vectors).map(([lists, brand, price, embedding]) => {
    const offsets = new Uint32Array(n + 1);
    lists.forEach((list, i) => {
      offsets[i + 1] = offsets[i] + list.length;
    });
    return {
      tags: { type: "categories", offsets, codes: Uint32Array.from(lists.flat()), names: ["v", "w", "x", "y", "z"] },
      brand: { type: "category", codes: Uint32Array.from(brand), names: ["a", "b", "c"] },
      price: { type: "number", values: Float64Array.from(price) },
      embedding: { type: "vector", dimensions: 3, values: Float32Array.from(embedding) },
    };
  });
}

const all = ["tags", "brand", "price", "embedding"];

function matrixOf(table: FeatureTable, n: number): number[][] {
  const similarity = new ItemSimilarity(
    table,
    all,
    Uint32Array.from({ length: n }, (_, i) => i),
  );
  return Array.from({ length: n }, (_, i) => {
    const row = new Float64Array(n);
    similarity.toAll(i, row);
    return [...row];
  });
}

function determinant(matrix: readonly (readonly number[])[]): number {
  const rows = matrix.map((row) => [...row]);
  let product = 1;
  for (let c = 0; c < rows.length; c++) {
    const pivot = rows
      .map((row, r) => [Math.abs(row[c]), r])
      .slice(c)
      .sort((a, b) => b[0] - a[0])[0][1];
    if (rows[pivot][c] === 0) return 0;
    if (pivot !== c) {
      [rows[pivot], rows[c]] = [rows[c], rows[pivot]];
      product = -product;
    }
    product *= rows[c][c];
    for (let r = c + 1; r < rows.length; r++) {
      const factor = rows[r][c] / rows[c][c];
      for (let j = c; j < rows.length; j++) rows[r][j] -= factor * rows[c][j];
    }
  }
  return product;
}

describe("similarity of items", () => {
  it("matches the definition worked out directly", () => {
    expect(similarities(["brand"], 0)).toEqual([1, 1, 0, 0]);
    expect(similarities(["tags"], 0)).toEqual([1, 0.5, expect.closeTo(Math.SQRT1_2), 0]);
    expect(similarities(["price"], 0)).toEqual([1, 0.5, 0, 0]);
    expect(similarities(["embedding"], 0)).toEqual([1, 0, -1, 0]);
    expect(similarities(["brand", "price"], 1)).toEqual([0.75, 1, 0.25, 0]);
    expect(similarities(undefined, 0)[1]).toBeCloseTo((1 + 0.5 + 0) / 3);
    expect(new ItemSimilarity(columns, ["nothing"], members).usable).toBe(false);
  });

  it("is symmetric and positive semidefinite, even with missing values", () => {
    fc.assert(
      fc.property(anyTable(5), fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }), (table, x) => {
        const matrix = matrixOf(table, 5);
        let form = 0;
        matrix.forEach((row, i) => {
          expect(row[i]).toBe(1);
          row.forEach((value, j) => {
            expect(value).toBeCloseTo(matrix[j][i], 6);
            expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-6);
            form += x[i] * value * x[j];
          });
        });
        expect(form).toBeGreaterThan(-1e-5);
      }),
      { numRuns: 300 },
    );
  });
});

describe("MMR", () => {
  it("weighs relevance against the most similar listed item", () => {
    fc.assert(
      fc.property(anyTable(6), fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 1, maxLength: 4 }), (table, chosen) => {
        const matrix = matrixOf(table, 6);
        const similarity = new ItemSimilarity(
          table,
          all,
          Uint32Array.from({ length: 6 }, (_, i) => i),
        );
        const adjustment = maximalMarginalRelevance(similarity, 6, 0.3);
        for (const position of chosen) adjustment.add(position);
        for (let i = 0; i < 6; i++) {
          const nearest = Math.max(...chosen.map((position) => matrix[position][i]));
          expect(adjustment.adjust(0.5, i)).toBeCloseTo(0.7 * 0.5 - 0.3 * nearest, 6);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("a determinantal point process", () => {
  it("weighs relevance against the growth of the determinant", () => {
    fc.assert(
      fc.property(anyTable(6), fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 1, maxLength: 3 }), (table, chosen) => {
        const matrix = matrixOf(table, 6);
        const minor = (positions: readonly number[]) => determinant(positions.map((i) => positions.map((j) => matrix[i][j])));
        fc.pre(minor(chosen) > 1e-3);
        const similarity = new ItemSimilarity(
          table,
          all,
          Uint32Array.from({ length: 6 }, (_, i) => i),
        );
        const adjustment = determinantalPointProcess(similarity, 6, 0.5);
        for (const position of chosen) adjustment.add(position);
        for (let i = 0; i < 6; i++) {
          if (chosen.includes(i)) continue;
          const growth = minor([...chosen, i]) / minor(chosen);
          const value = adjustment.adjust(1, i);
          if (growth > 1e-3) expect(value).toBeCloseTo(0.5 + 0.5 * Math.log(growth), 2);
          else expect(value).toBeLessThan(0.5 + 0.5 * Math.log(2e-3));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("handles copies of an item", () => {
    const same: FeatureTable = { brand: { type: "category", codes: Uint32Array.of(0, 0, 0, 1), names: ["a", "b"] } };
    const adjustment = determinantalPointProcess(new ItemSimilarity(same, ["brand"], members), 4, 0.5);
    for (const position of [0, 1, 2]) adjustment.add(position);
    expect(adjustment.adjust(1, 3)).toBeCloseTo(0.5);
    expect(Number.isFinite(adjustment.adjust(1, 1))).toBe(true);
    expect(adjustment.adjust(1, 1)).toBeLessThan(-10);
  });
});

describe("calibration", () => {
  /** Kullback-Leibler divergence as the paper has it, from scratch. */
  function divergence(table: FeatureTable, history: readonly number[], weights: readonly number[], list: readonly number[]): number {
    const { tags } = table;
    if (tags.type !== "categories") throw new Error("tags are categories");
    const mix = (items: readonly number[], by: readonly number[]) => {
      const masses = new Array<number>(5).fill(0);
      let total = 0;
      items.forEach((item, i) => {
        const codes = tags.codes.subarray(tags.offsets[item], tags.offsets[item + 1]);
        if (codes.length > 0) total += by[i];
        for (const code of codes) masses[code] += by[i] / codes.length;
      });
      return masses.map((mass) => (total === 0 ? 0 : mass / total));
    };
    const p = mix(history, weights);
    const q = mix(
      list,
      list.map(() => 1),
    );
    return p.reduce((sum, mass, g) => (mass === 0 ? sum : sum + mass * Math.log(mass / (0.99 * q[g] + 0.01 * mass))), 0);
  }

  it("weighs relevance against the divergence from the history", () => {
    fc.assert(
      fc.property(anyTable(8), fc.shuffledSubarray([0, 1, 2, 3], { maxLength: 3 }), (table, chosen) => {
        const history = [4, 5, 6];
        const weights = [1, 2, 0.5];
        const positions = Uint32Array.from({ length: 8 }, (_, i) => i);
        const { tags } = table;
        fc.pre(tags.type === "categories" && tags.offsets[7] > tags.offsets[4]);
        const adjustment = calibrate(
          table,
          "tags",
          0.4,
          { items: Uint32Array.from(history), weights: Float32Array.from(weights) },
          positions,
        );
        if (adjustment === undefined) throw new Error("The history has tags.");
        for (const position of chosen) adjustment.add(position);
        for (let i = 0; i < 8; i++) {
          expect(adjustment.adjust(0.5, i)).toBeCloseTo(0.6 * 0.5 - 0.4 * divergence(table, history, weights, [...chosen, i]), 8);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("does nothing without a history or the property", () => {
    const none = { items: new Uint32Array(), weights: new Float32Array() };
    expect(calibrate(columns, "tags", 0.5, none, members)).toBeUndefined();
    expect(calibrate(columns, "nothing", 0.5, { items: members, weights: Float32Array.of(1, 1, 1, 1) }, members)).toBeUndefined();
  });
});
