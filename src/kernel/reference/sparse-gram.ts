import type { SparseRows } from "../sparse-rows.ts";

/** `sparseGram` by its definition. */
export function sparseGramReference({ rows, columns, offsets, indices, values }: SparseRows, out: Float32Array): void {
  out.fill(0, 0, columns * columns);
  for (let r = 0; r < rows; r++)
    for (let i = offsets[r]; i < offsets[r + 1]; i++)
      for (let j = offsets[r]; j < offsets[r + 1]; j++) out[indices[i] * columns + indices[j]] += Math.fround(values[i] * values[j]);
}
