import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { kernelBackends } from "../testing/kernel-backends.ts";
import { seededNormals } from "../testing/normals.ts";
import type { Backend } from "./backend.ts";
import type { TopKResult } from "./reference/top-k.ts";
import type { SparseRows } from "./sparse-rows.ts";
import { NO_ITEM, topKDense, topKInner, topKScores } from "./top-k.ts";

const backends = kernelBackends();
afterAll(() => backends.close());
const everyBackend = [backends.reference, ...backends.builds.flat()];

/** Integers from -3 to 3: many ties, and sums without rounding, so that all backends must agree exactly. */
function smallIntegers(seed: number, length: number): Float32Array {
  return seededNormals(seed)(length).map((value) => Math.max(-3, Math.min(3, Math.round(value))));
}

function randomRows(seed: number, rows: number, columns: number, share: number): SparseRows {
  const draws = seededNormals(seed)(rows * columns);
  const offsets = new Uint32Array(rows + 1);
  const indices: number[] = [];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) if (Math.abs(draws[r * columns + c]) < share * 1.5) indices.push(c);
    offsets[r + 1] = indices.length;
  }
  const values = smallIntegers(seed + 1, indices.length);
  return { rows, columns, offsets, indices: Uint32Array.from(indices), values };
}

function expectEqualEverywhere(compute: (backend: Backend) => TopKResult): TopKResult {
  const expected = compute(backends.reference);
  for (const backend of backends.builds.flat()) {
    const result = compute(backend);
    expect([...result.items], `${backend.name} on ${backend.threads}`).toEqual([...expected.items]);
    expect([...result.scores], `${backend.name} on ${backend.threads}`).toEqual([...expected.scores]);
  }
  return expected;
}

const shape = fc.record({
  rows: fc.oneof(fc.constantFrom(0, 1, 2, 7, 8, 9), fc.integer({ min: 0, max: 90 })),
  items: fc.oneof(fc.constantFrom(0, 1, 7, 8, 9, 31, 32, 33), fc.integer({ min: 0, max: 900 })),
  dimensions: fc.oneof(fc.constantFrom(0, 1, 3, 4, 5, 8), fc.integer({ min: 0, max: 40 })),
  k: fc.oneof(fc.constantFrom(0, 1, 2, 100), fc.integer({ min: 0, max: 30 })),
  excluded: fc.constantFrom(0, 0.1, 0.9),
  forbidden: fc.constantFrom(0, 0.2, 0.95),
  bias: fc.boolean(),
  seed: fc.nat(),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

function masks({ rows, items, excluded, forbidden, seed }: Shape): { exclude?: SparseRows; allowed?: Uint8Array } {
  const draws = seededNormals(seed + 5)(items);
  return {
    ...(excluded > 0 ? { exclude: randomRows(seed + 3, rows, items, excluded) } : {}),
    ...(forbidden > 0 ? { allowed: Uint8Array.from(draws, (draw) => (Math.abs(draw) < forbidden * 1.5 ? 0 : 1)) } : {}),
  };
}

describe("topKScores", () => {
  test("puts the highest first, breaks ties by item, and pads missing items", () => {
    const scores = Float32Array.of(1, 3, 3, Number.NaN, 2, Number.NEGATIVE_INFINITY, -0, 0);
    for (const backend of everyBackend) {
      const result = topKScores(backend, { scores, rows: 1, items: 8, k: 8 });
      expect([...result.items]).toEqual([1, 2, 4, 0, 6, 7, NO_ITEM, NO_ITEM]);
      expect([...result.scores].map((score) => score + 0)).toEqual([3, 3, 2, 1, 0, 0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    }
  });

  test("returns +Infinity and the lowest finite score, but no excluded or disallowed items", () => {
    const scores = Float32Array.of(Number.POSITIVE_INFINITY, -3.4028234663852886e38, 7, 8, 9);
    const exclude = { rows: 1, columns: 5, offsets: Uint32Array.of(0, 1), indices: Uint32Array.of(3), values: Float32Array.of(1) };
    for (const backend of everyBackend) {
      const result = topKScores(backend, { scores, rows: 1, items: 5, k: 4, exclude, allowed: Uint8Array.of(1, 1, 1, 1, 0) });
      expect([...result.items]).toEqual([0, 2, 1, NO_ITEM]);
    }
  });

  test("equals sorting for random shapes, ties and masks", () => {
    fc.assert(
      fc.property(shape, (drawn) => {
        const { rows, items, k, seed } = drawn;
        const scores = smallIntegers(seed, rows * items);
        if (items > 5) scores[5] = Number.NaN;
        expectEqualEverywhere((backend) => topKScores(backend, { scores, rows, items, k, ...masks(drawn) }));
      }),
      { numRuns: 30 },
    );
  });

  test("equals sorting if every item is requested, and for one long row in segments", () => {
    const scores = seededNormals(1)(100_003);
    expectEqualEverywhere((backend) => topKScores(backend, { scores, rows: 1, items: 100_003, k: 50 }));
    expectEqualEverywhere((backend) => topKScores(backend, { scores, rows: 10, items: 2000, k: 2000 }));
    expectEqualEverywhere((backend) => topKScores(backend, { scores: new Float32Array(70_000), rows: 2, items: 35_000, k: 3 }));
  });
});

describe("topKInner", () => {
  test("equals sorting for random shapes, ties and masks", () => {
    fc.assert(
      fc.property(shape, (drawn) => {
        const { rows, items, dimensions, k, seed } = drawn;
        const queries = smallIntegers(seed, rows * dimensions);
        const factors = smallIntegers(seed + 1, items * dimensions);
        const bias = drawn.bias ? { bias: smallIntegers(seed + 2, items) } : {};
        expectEqualEverywhere((backend) => topKInner(backend, { queries, rows, factors, items, dimensions, k, ...bias, ...masks(drawn) }));
      }),
      { numRuns: 60 },
    );
  });

  /** Factors with long-tailed norms, where most items are skipped. */
  function longTailed(rows: number, items: number, dimensions: number): { queries: Float32Array; factors: Float32Array } {
    const next = seededNormals(rows + items);
    const scale = next(items);
    const factors = next(items * dimensions).map((value, at) => 0.2 * value * Math.exp(scale[Math.floor(at / dimensions)]));
    return { queries: next(rows * dimensions), factors };
  }

  test("finds the exact best among long-tailed norms, with the same bits for a query alone as among many", () => {
    for (const dimensions of [5, 16, 67]) {
      const [rows, items, k] = [100, 3000, 20];
      const { queries, factors } = longTailed(rows, items, dimensions);
      const bias = dimensions === 16 ? seededNormals(9)(items) : undefined;
      const expected = topKInner(backends.reference, { queries, rows, factors, items, dimensions, k, bias });
      for (const build of backends.builds)
        for (const backend of build) {
          const result = topKInner(backend, { queries, rows, factors, items, dimensions, k, bias });
          let different = 0;
          for (let i = 0; i < expected.items.length; i++) {
            if (result.items[i] !== expected.items[i]) different++;
            expect(Math.abs(result.scores[i] - expected.scores[i])).toBeLessThan(1e-4);
          }
          // Items closer than rounding may swap places.
          expect(different).toBeLessThan(rows * k * 0.002);
          for (const row of [0, 41, 99]) {
            const query = queries.subarray(row * dimensions, (row + 1) * dimensions);
            const alone = topKInner(backend, { queries: query, rows: 1, factors, items, dimensions, k, bias });
            expect([...alone.items]).toEqual([...result.items.subarray(row * k, (row + 1) * k)]);
            expect([...alone.scores]).toEqual([...result.scores.subarray(row * k, (row + 1) * k)]);
          }
        }
    }
  });

  test("never returns NaN and survives infinite and huge factors", () => {
    const [rows, items, dimensions, k] = [12, 40, 3, 40];
    const queries = smallIntegers(1, rows * dimensions);
    const factors = smallIntegers(2, items * dimensions);
    factors.set([Number.NaN, 1, 1, Number.POSITIVE_INFINITY, 1, 1, 3e38, 1, 1], 30);
    const result = expectEqualEverywhere((backend) => topKInner(backend, { queries, rows, factors, items, dimensions, k }));
    expect(result.scores.some(Number.isNaN)).toBe(false);
  });
});

describe("topKDense", () => {
  test("equals sorting for random shapes, ties and masks", () => {
    fc.assert(
      fc.property(shape, (drawn) => {
        const items = Math.min(drawn.items, 200);
        const histories = randomRows(drawn.seed, drawn.rows, items, 0.1);
        const matrix = smallIntegers(drawn.seed + 7, items * items);
        expectEqualEverywhere((backend) => topKDense(backend, { histories, matrix, items, k: drawn.k, ...masks({ ...drawn, items }) }));
      }),
      { numRuns: 40 },
    );
  });
});

test("mismatched arguments are named", () => {
  const scores = new Float32Array(6);
  for (const backend of [backends.reference, backends.builds[0][0]]) {
    expect(() => topKScores(backend, { scores, rows: 2, items: 4, k: 1 })).toThrow(/`scores` has 6 entries; its shape needs 8/);
    expect(() => topKScores(backend, { scores, rows: 2, items: 3, k: -1 })).toThrow(/k must be .* not -1/);
    expect(() => topKScores(backend, { scores, rows: 2, items: 3, k: 1, allowed: new Uint8Array(2) })).toThrow(/`allowed`/);
    const exclude = randomRows(1, 1, 3, 0.5);
    expect(() => topKScores(backend, { scores, rows: 2, items: 3, k: 1, exclude })).toThrow(/`exclude` has 1 rows instead of 2/);
  }
});
