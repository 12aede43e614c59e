import type { SparseRows } from "../sparse-rows.ts";
import { sparseScoresReference } from "./sparse-scores.ts";

export interface SparseProductTopKArguments {
  /** rows x inner. */
  readonly left: SparseRows;
  /** inner x columns. */
  readonly right: SparseRows;
  /** Entries to keep per row of the result, 1 or more. */
  readonly k: number;
  /** A positive number per row, 1 if omitted. */
  readonly rowNorms?: Float32Array;
  /** A positive number per column, 1 if omitted. */
  readonly columnNorms?: Float32Array;
  /** At least 0; 0 if omitted. */
  readonly shrink?: number;
  /** Whether entry (i, i) may be in the result. Default true. */
  readonly keepDiagonal?: boolean;
}

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
