import { afterAll, describe, expect, test } from "vitest";
import { agreeOnAllBackends, kernelBackends } from "../testing/kernel-backends.ts";
import { randomSparse } from "../testing/random-sparse.ts";
import { sparseScores, topKSparse } from "./sparse-scores.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

const shapes = [
  [0, 3, 3],
  [1, 1, 1],
  [7, 5, 6],
  [33, 60, 61],
  [50, 300, 403],
] as const;

describe("sparseScores", () => {
  test("matches the reference on every backend", () => {
    for (const [rows, inner, columns] of shapes) {
      const histories = randomSparse(1, rows, inner, 0.1, false);
      const matrix = randomSparse(2, inner, columns, 0.1, false);
      agreeOnAllBackends(
        backends,
        (backend) => {
          const out = new Float32Array(rows * columns).fill(Number.NaN);
          sparseScores(backend, { histories, matrix, out });
          return out;
        },
        0,
      );
    }
  });
});

describe("topKSparse", () => {
  test("matches the reference on every backend, with and without exclusions, also for lists longer than the catalog", () => {
    for (const [rows, inner, columns] of shapes)
      for (const k of [1, 4, 25, 500]) {
        const histories = randomSparse(3, rows, inner, 0.1, false);
        const matrix = randomSparse(4, inner, columns, 0.05, k === 4);
        const exclude = randomSparse(5, rows, columns, 0.2, true);
        const allowed = Uint8Array.from({ length: columns }, (_, i) => (i % 3 === 0 ? 0 : 1));
        for (const restriction of [{}, { exclude }, { allowed }, { exclude, allowed }])
          agreeOnAllBackends(
            backends,
            (backend) => {
              const { items, scores } = topKSparse(backend, { histories, matrix, k, ...restriction });
              return Float32Array.from([...items, ...scores]);
            },
            0,
          );
      }
  });

  test("pads with items of score 0 in index order, before negative ones, and then with nothing", () => {
    const histories = { rows: 1, columns: 1, offsets: Uint32Array.of(0, 1), indices: Uint32Array.of(0), values: Float32Array.of(1) };
    const matrix = { rows: 1, columns: 5, offsets: Uint32Array.of(0, 2), indices: Uint32Array.of(1, 3), values: Float32Array.of(-1, 2) };
    const exclude = { rows: 1, columns: 5, offsets: Uint32Array.of(0, 1), indices: Uint32Array.of(2), values: Float32Array.of(1) };
    for (const backend of [backends.reference, backends.builds[0][0]]) {
      const { items, scores } = topKSparse(backend, { histories, matrix, k: 5, exclude });
      expect([...items]).toEqual([3, 0, 4, 1, 0xffffffff]);
      expect([...scores]).toEqual([2, 0, 0, -1, Number.NEGATIVE_INFINITY]);
    }
  });
});
