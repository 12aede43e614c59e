import type { SparseRows } from "../sparse-rows.ts";
import type { TopKResult } from "./top-k.ts";

export interface TopKSparseArguments {
  readonly histories: SparseRows;
  readonly matrix: SparseRows;
  /** List length, 1 or more. */
  readonly k: number;
  /** One row per history: columns that its list leaves out. */
  readonly exclude?: SparseRows;
  /** One byte per column, 0 for columns that no list may contain; all are allowed if omitted. */
  readonly allowed?: Uint8Array;
}

/** `sparseScores` by its definition. */
export function sparseScoresReference(histories: SparseRows, matrix: SparseRows, out: Float32Array): void {
  const { columns } = matrix;
  out.fill(0, 0, histories.rows * columns);
  for (let row = 0; row < histories.rows; row++)
    for (let i = histories.offsets[row]; i < histories.offsets[row + 1]; i++) {
      const inner = histories.indices[i];
      for (let j = matrix.offsets[inner]; j < matrix.offsets[inner + 1]; j++)
        out[row * columns + matrix.indices[j]] += Math.fround(histories.values[i] * matrix.values[j]);
    }
}

/** `topKSparse` by its definition. */
export function topKSparseReference({ histories, matrix, k, exclude, allowed }: TopKSparseArguments): TopKResult {
  const { columns } = matrix;
  const items = new Uint32Array(histories.rows * k).fill(0xffffffff);
  const scores = new Float32Array(histories.rows * k).fill(Number.NEGATIVE_INFINITY);
  const sums = new Float32Array(histories.rows * columns);
  sparseScoresReference(histories, matrix, sums);
  for (let row = 0; row < histories.rows; row++) {
    const left = new Set(exclude?.indices.subarray(exclude.offsets[row], exclude.offsets[row + 1]));
    const candidates = Array.from({ length: columns }, (_, j) => j).filter(
      (j) => !left.has(j) && (allowed === undefined || allowed[j] !== 0),
    );
    const score = (j: number) => sums[row * columns + j];
    candidates.sort((a, b) => score(b) - score(a) || a - b);
    candidates.slice(0, k).forEach((j, i) => {
      items[row * k + i] = j;
      scores[row * k + i] = score(j);
    });
  }
  return { items, scores };
}
