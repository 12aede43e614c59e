import type { SparseRows } from "../kernel/sparse-rows.ts";
import { Random } from "../util/random.ts";

/** A sparse matrix for tests, with about `density` of its entries set, to 1 or to values from -0.5 to 1.5. Some rows are empty. */
export function randomSparse(seed: number, rows: number, columns: number, density: number, binary: boolean): SparseRows {
  const random = new Random(seed);
  const offsets = new Uint32Array(rows + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    const empty = random.uniform() < 0.1;
    for (let column = 0; column < columns; column++)
      if (!empty && random.uniform() < density) {
        indices.push(column);
        values.push(binary ? 1 : random.uniform() * 2 - 0.5);
      }
    offsets[row + 1] = indices.length;
  }
  return { rows, columns, offsets, indices: Uint32Array.from(indices), values: Float32Array.from(values) };
}
