import type { SparseRows } from "../sparse-rows.ts";
import type { SparseProductTopKArguments } from "../sparse-top-k.ts";
import { sparseScoresReference } from "./sparse-scores.ts";

/** `sparseProductTopK` by its definition. */
export function sparseProductTopKReference(args: SparseProductTopKArguments): SparseRows {
  const { left, right, k, rowNorms, columnNorms, shrink = 0, keepDiagonal = true } = args;
  const { columns } = right;
  const sums = new Float32Array(left.rows * columns);
  sparseScoresReference(left, right, sums);
  const offsets = new Uint32Array(left.rows + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < left.rows; row++) {
    const entries: { column: number; value: number }[] = [];
    for (let column = 0; column < columns; column++) {
      const sum = sums[row * columns + column];
      if (sum === 0 || (column === row && !keepDiagonal)) continue;
      const norm = Math.fround(Math.fround((rowNorms?.[row] ?? 1) * (columnNorms?.[column] ?? 1)) + Math.fround(shrink));
      entries.push({ column, value: Math.fround(sum / norm) });
    }
    entries.sort((a, b) => b.value - a.value || a.column - b.column);
    const kept = entries.slice(0, k).sort((a, b) => a.column - b.column);
    for (const { column, value } of kept) {
      indices.push(column);
      values.push(value);
    }
    offsets[row + 1] = indices.length;
  }
  return { rows: left.rows, columns, offsets, indices: Uint32Array.from(indices), values: Float32Array.from(values) };
}
