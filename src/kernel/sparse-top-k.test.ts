import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { agreeOnAllBackends, kernelBackends } from "../testing/kernel-backends.ts";
import { randomSparse } from "../testing/random-sparse.ts";
import { sparseProductTopK } from "./sparse-top-k.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

const numbers = ({ offsets, indices, values }: { offsets: Uint32Array; indices: Uint32Array; values: Float32Array }) =>
  Float32Array.from([...offsets, ...indices, ...values]);

describe("sparseProductTopK", () => {
  test("matches the reference on every backend, for few and many entries, all ones or weights, with and without norms", () => {
    for (const [rows, inner, columns, density] of [
      [0, 3, 4, 0.5],
      [3, 0, 4, 0.5],
      [1, 1, 1, 1],
      [5, 7, 0, 0.5],
      [40, 30, 41, 0.3],
      [130, 50, 333, 0.02],
      [60, 200, 1030, 0.1],
    ])
      for (const binary of [true, false])
        for (const k of [1, 3, 50, 2000]) {
          const left = randomSparse(1, rows, inner, density, binary);
          const right = randomSparse(2, inner, columns, density, binary);
          const rowNorms = Float32Array.from({ length: rows }, (_, i) => 1 + (i % 7));
          const columnNorms = Float32Array.from({ length: columns }, (_, i) => Math.sqrt(1 + (i % 11)));
          agreeOnAllBackends(backends, (backend) => numbers(sparseProductTopK(backend, { left, right, k })), 0);
          agreeOnAllBackends(
            backends,
            (backend) => numbers(sparseProductTopK(backend, { left, right, k, rowNorms, columnNorms, shrink: 0.3, keepDiagonal: false })),
            0,
          );
        }
  });

  test("keeps the lower columns among ties and drops sums of 0", () => {
    // Row 0 times the matrix: 1, 1, 1, 0 (1 - 1), 2.
    const left = { rows: 1, columns: 2, offsets: Uint32Array.of(0, 2), indices: Uint32Array.of(0, 1), values: Float32Array.of(1, 1) };
    const right = {
      ...{ rows: 2, columns: 5, offsets: Uint32Array.of(0, 5, 7) },
      ...{ indices: Uint32Array.of(0, 1, 2, 3, 4, 3, 4), values: Float32Array.of(1, 1, 1, 1, 1, -1, 1) },
    };
    for (const backend of [backends.reference, backends.builds[0][0]]) {
      const top3 = sparseProductTopK(backend, { left, right, k: 3 });
      expect([...top3.indices]).toEqual([0, 1, 4]);
      expect([...top3.values]).toEqual([1, 1, 2]);
      expect([...sparseProductTopK(backend, { left, right, k: 9 }).indices]).toEqual([0, 1, 2, 4]);
    }
  });

  test("a row of the result is the best of the whole product, for any matrices", () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 10 }),
        (seed, inner, columns, k) => {
          const left = randomSparse(seed, 20, inner, 0.2, false);
          const right = randomSparse(seed + 1, inner, columns, 0.2, true);
          const args = { left, right, k };
          expect(sparseProductTopK(backends.builds[1][0], args)).toEqual(sparseProductTopK(backends.reference, args));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("rejects matrices that don't match", () => {
    const left = randomSparse(1, 3, 4, 0.5, true);
    expect(() => sparseProductTopK(backends.reference, { left, right: randomSparse(1, 5, 4, 0.5, true), k: 1 })).toThrow(
      /`left` has 4 columns.*`right` has 5 rows/,
    );
  });
});
