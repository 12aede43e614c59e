import { afterAll, describe, expect, test } from "vitest";
import { agreeOnAllBackends, kernelBackends } from "../testing/kernel-backends.ts";
import { randomSparse } from "../testing/random-sparse.ts";
import { sparseProductTopK } from "./sparse-top-k.ts";
import { supportRidge } from "./support-ridge.ts";

const backends = kernelBackends();
afterAll(() => backends.close());

describe("supportRidge", () => {
  test("matches the reference on every backend, for supports of 0 to many columns", () => {
    for (const [users, items, density] of [
      [20, 1, 0.5],
      [30, 9, 0.3],
      [80, 60, 0.1],
      [200, 90, 0.05],
    ])
      for (const k of [1, 5, 30]) {
        const byItem = randomSparse(users, items, users, density, false);
        const byUser = randomTranspose(byItem);
        const gram = sparseProductTopK(backends.reference, { left: byItem, right: byUser, k: items });
        const supports = sparseProductTopK(backends.reference, { left: byItem, right: byUser, k, keepDiagonal: false });
        agreeOnAllBackends(backends, (backend) => supportRidge(backend, { gram, supports, regularization: 2 }), 1e-4);
      }
  });

  test("solves a system worked by hand", () => {
    // (2 1; 1 2) + I, right side (3, 1): x = (8, 0) / 8.
    const gram = {
      rows: 3,
      columns: 3,
      offsets: Uint32Array.of(0, 3, 6, 9),
      indices: Uint32Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2),
      values: Float32Array.of(2, 1, 3, 1, 2, 1, 3, 1, 9),
    };
    const supports = {
      rows: 3,
      columns: 3,
      offsets: Uint32Array.of(0, 0, 0, 2),
      indices: Uint32Array.of(0, 1),
      values: Float32Array.of(1, 1),
    };
    for (const backend of [backends.reference, backends.builds[0][1]]) {
      const [x, y] = supportRidge(backend, { gram, supports, regularization: 1 });
      expect(x).toBeCloseTo(1, 6);
      expect(y).toBeCloseTo(0, 6);
    }
  });
});

function randomTranspose(matrix: ReturnType<typeof randomSparse>): ReturnType<typeof randomSparse> {
  const { rows, columns, offsets, indices, values } = matrix;
  const entries: [number, number, number][] = [];
  for (let r = 0; r < rows; r++) for (let e = offsets[r]; e < offsets[r + 1]; e++) entries.push([indices[e], r, values[e]]);
  entries.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const starts = new Uint32Array(columns + 1);
  for (const [column] of entries) starts[column + 1]++;
  for (let c = 0; c < columns; c++) starts[c + 1] += starts[c];
  return {
    rows: columns,
    columns: rows,
    offsets: starts,
    indices: Uint32Array.from(entries, (e) => e[1]),
    values: Float32Array.from(entries, (e) => e[2]),
  };
}
