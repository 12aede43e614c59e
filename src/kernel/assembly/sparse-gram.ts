import { address, integer } from "./simd";
import { addSparseRow, clear, f32At, u32At } from "./sparse-rows";

/**
 * Rows [begin, end) of the upper triangle of the dense matrix of inner products of the columns. Arguments: offsets, indices, values of
 * the matrix (values 0 for all 1); for each column where its entries begin, their rows and places; the result, its size.
 */
export function sparseGram(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const offsets = address(args, 0);
  const indices = address(args, 1);
  const values = address(args, 2);
  const starts = address(args, 3);
  const rows = address(args, 4);
  const places = address(args, 5);
  const out = address(args, 6);
  const size = integer(args, 7);
  for (let column = begin; column < end; column++) {
    const sums = out + ((<usize>column * size) << 2);
    clear(sums, size);
    const to = u32At(starts, column + 1);
    for (let e = u32At(starts, column); e < to; e++) {
      const place = u32At(places, e);
      // From the entry itself on: what lies before it in its row belongs to the lower triangle.
      addSparseRow(sums, values ? f32At(values, place) : 1, indices, values, place, u32At(offsets, u32At(rows, e) + 1));
    }
  }
}
