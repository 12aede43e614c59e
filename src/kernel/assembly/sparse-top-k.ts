import { beginSelection, endSelection, keyIndex, keyOf, keyScore, offer, scoreToBeat, selectedKeys, sortDescending } from "./select-keys";
import { address, integer, real } from "./simd";
import { addSparseRow, addSparseRowNoting, clear, f32At, u32At, valueAt } from "./sparse-rows";

/** How far a rounded product may be from the rounded quotient it is compared with. */
// @ts-ignore: decorator
@inline
const MARGIN: f32 = 1e-6;

/**
 * The k largest entries of rows [begin, end) (of `order`) of left * right, divided by their norms, by Gustavson's algorithm: the sums of
 * one row in a dense array.
 *
 * Arguments: offsets, indices, values of left; the same of right (values 0 for all 1); order, columns (padded to 4), k, capacity; row
 * norms, column norms (0 for none), shrink, whether to keep the diagonal; where each row's result begins, its indices, values and count.
 * Scratch: sums, touched columns, selection.
 */
export function sparseProductTopK(args: usize, begin: i32, end: i32, scratch: usize): void {
  const leftOffsets = address(args, 0);
  const leftIndices = address(args, 1);
  const leftValues = address(args, 2);
  const rightOffsets = address(args, 3);
  const rightIndices = address(args, 4);
  const rightValues = address(args, 5);
  const order = address(args, 6);
  const columns = integer(args, 7);
  const k = integer(args, 8);
  const capacity = integer(args, 9);
  const rowNorms = address(args, 10);
  const columnNorms = address(args, 11);
  const shrink = real(args, 12);
  const keepDiagonal = integer(args, 13);
  const starts = address(args, 14);
  const outIndices = address(args, 15);
  const outValues = address(args, 16);
  const outCounts = address(args, 17);

  const sums = scratch;
  const touched = sums + (<usize>columns << 2);
  const selection = touched + (<usize>columns << 2);
  const zero = f32x4.splat(0);
  clear(sums, columns);

  for (let turn = begin; turn < end; turn++) {
    const row = u32At(order, turn);
    const from = u32At(leftOffsets, row);
    const to = u32At(leftOffsets, row + 1);
    const dropped = keepDiagonal ? u32.MAX_VALUE : row;
    const rowNorm: f32 = rowNorms ? f32At(rowNorms, row) : 1;
    let additions: u32 = 0;
    for (let e = from; e < to; e++) {
      const inner = u32At(leftIndices, e);
      additions += u32At(rightOffsets, inner + 1) - u32At(rightOffsets, inner);
    }
    beginSelection(selection);

    if (additions < <u32>columns >>> 3) {
      let count = 0;
      for (let e = from; e < to; e++) {
        const inner = u32At(leftIndices, e);
        const a = valueAt(leftValues, e);
        count = addSparseRowNoting(sums, a, rightIndices, rightValues, u32At(rightOffsets, inner), u32At(rightOffsets, inner + 1), touched, count);
      }
      for (let i = 0; i < count; i++) {
        const column = u32At(touched, i);
        const sum = f32At(sums, column);
        if (sum == 0) continue;
        store<f32>(sums + (<usize>column << 2), 0);
        const norm: f32 = columnNorms ? rowNorm * f32At(columnNorms, column) + shrink : 1;
        // Division is expensive, so first check whether it is needed.
        const least = scoreToBeat(selection) * norm;
        if (sum < least - abs(least) * MARGIN || column == dropped) continue;
        offer(selection, keyOf(sum / norm, column), k, capacity);
      }
    } else {
      for (let e = from; e < to; e++) {
        const inner = u32At(leftIndices, e);
        addSparseRow(sums, valueAt(leftValues, e), rightIndices, rightValues, u32At(rightOffsets, inner), u32At(rightOffsets, inner + 1));
      }
      if (k >= columns) {
        // Nothing to select: the entries are written as they are.
        let out = u32At(starts, row);
        const first = out;
        for (let j = 0; j < columns; j += 4) {
          const at = sums + (<usize>j << 2);
          const sum = v128.load(at);
          let lanes = i32x4.bitmask(f32x4.ne(sum, zero));
          for (; lanes; lanes &= lanes - 1) {
            const column = <u32>(j + ctz(lanes));
            if (column == dropped) continue;
            const norm: f32 = columnNorms ? rowNorm * f32At(columnNorms, column) + shrink : 1;
            store<u32>(outIndices + (<usize>out << 2), column);
            store<f32>(outValues + (<usize>out << 2), f32At(sums, column) / norm);
            out++;
          }
          v128.store(at, zero);
        }
        store<u32>(outCounts + (<usize>row << 2), out - first);
        continue;
      }
      for (let j = 0; j < columns; j += 4) {
        const at = sums + (<usize>j << 2);
        const sum = v128.load(at);
        if (!v128.any_true(sum)) continue;
        let least = f32x4.splat(scoreToBeat(selection));
        if (columnNorms) {
          const norm = v128.load(columnNorms + (<usize>j << 2));
          least = f32x4.mul(least, f32x4.add(f32x4.mul(f32x4.splat(rowNorm), norm), f32x4.splat(shrink)));
          least = f32x4.sub(least, f32x4.mul(f32x4.abs(least), f32x4.splat(MARGIN)));
        }
        let lanes = i32x4.bitmask(v128.and(f32x4.ge(sum, least), f32x4.ne(sum, zero)));
        for (; lanes; lanes &= lanes - 1) {
          const column = <u32>(j + ctz(lanes));
          if (column == dropped) continue;
          const norm: f32 = columnNorms ? rowNorm * f32At(columnNorms, column) + shrink : 1;
          offer(selection, keyOf(f32At(sums, column) / norm, column), k, capacity);
        }
        v128.store(at, zero);
      }
    }

    const count = endSelection(selection, k);
    const keys = selectedKeys(selection);
    // With the halves swapped the largest key is the lowest column.
    for (let i = 0; i < count; i++) {
      const at = keys + (<usize>i << 3);
      store<u64>(at, rotr<u64>(load<u64>(at), 32));
    }
    sortDescending(keys, 0, count - 1);
    const start = u32At(starts, row);
    store<u32>(outCounts + (<usize>row << 2), count);
    for (let i = 0; i < count; i++) {
      const key = rotr<u64>(load<u64>(keys + (<usize>i << 3)), 32);
      const at = <usize>(start + i) << 2;
      store<u32>(outIndices + at, keyIndex(key));
      store<f32>(outValues + at, keyScore(key));
    }
  }
}
