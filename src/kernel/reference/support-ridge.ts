import type { SparseRows } from "../sparse-rows.ts";
export interface SupportRidgeArguments {
  /** Symmetric, n x n: inner products of columns. */
  readonly gram: SparseRows;
  /** One row per target: the columns (ascending) that may explain it, without itself. Its values are ignored. */
  readonly supports: SparseRows;
  /** Added to the diagonal; above 0. */
  readonly regularization: number;
}

/** `supportRidge` by elimination in double precision. */
export function supportRidgeReference({ gram, supports, regularization }: SupportRidgeArguments): Float32Array {
  const solutions = new Float32Array(supports.offsets[supports.rows]);
  const entry = (row: number, column: number) => {
    const at = gram.indices.subarray(gram.offsets[row], gram.offsets[row + 1]).indexOf(column);
    return at < 0 ? 0 : gram.values[gram.offsets[row] + at];
  };
  for (let target = 0; target < supports.rows; target++) {
    const support = supports.indices.subarray(supports.offsets[target], supports.offsets[target + 1]);
    // Each row: a row of the system and its right side.
    const system = Array.from(support, (a, i) => [
      ...Array.from(support, (b, j) => entry(a, b) + (i === j ? regularization : 0)),
      entry(a, target),
    ]);
    const n = support.length;
    for (let pivot = 0; pivot < n; pivot++)
      for (let row = 0; row < n; row++) {
        if (row === pivot) continue;
        const factor = system[row][pivot] / system[pivot][pivot];
        for (let column = pivot; column <= n; column++) system[row][column] -= factor * system[pivot][column];
      }
    for (let i = 0; i < n; i++) solutions[supports.offsets[target] + i] = system[i][n] / system[i][i];
  }
  return solutions;
}
