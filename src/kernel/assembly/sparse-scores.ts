import { beginSelection, endSelection, keyIndex, keyOf, keyScore, offer, scoreToBeat, selectedKeys, sortDescending } from "./select-keys";
import { address, integer } from "./simd";
import { addSparseRow, clear, u32At, valueAt } from "./sparse-rows";

/**
 * Rows [begin, end) of left * right, dense. Arguments: offsets, indices, values of left; the same of right (values 0 for all 1); columns,
 * the result.
 */
export function sparseScores(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const columns = integer(args, 6);
  const out = address(args, 7);
  for (let row = begin; row < end; row++) multiplyRow(args, row, out + ((<usize>row * columns) << 2), columns);
}

/**
 * The k largest entries, zeros included, of rows [begin, end) of left * right, largest first and the lower column first among equals.
 *
 * Arguments: those of {@link sparseScores} up to columns; k, capacity; offsets and indices of what is left out (0 for nothing), a byte a
 * column that says whether it is allowed (0 for all); the columns found, their sums. Scratch: sums (padded to 4), selection.
 */
export function topKSparse(args: usize, begin: i32, end: i32, scratch: usize): void {
  const columns = integer(args, 6);
  const k = integer(args, 7);
  const capacity = integer(args, 8);
  const excludeOffsets = address(args, 9);
  const excludeIndices = address(args, 10);
  const allowed = address(args, 11);
  const items = address(args, 12);
  const scores = address(args, 13);
  const padded = (columns + 3) & ~3;
  const selection = scratch + (<usize>padded << 2);
  for (let row = begin; row < end; row++) {
    multiplyRow(args, row, scratch, columns);
    for (let j = columns; j < padded; j++) store<f32>(scratch + (<usize>j << 2), -Infinity);
    if (excludeOffsets) {
      const to = u32At(excludeOffsets, row + 1);
      for (let e = u32At(excludeOffsets, row); e < to; e++) store<f32>(scratch + (<usize>u32At(excludeIndices, e) << 2), -Infinity);
    }
    beginSelection(selection);
    for (let j = 0; j < columns; j += 4) {
      const sum = v128.load(scratch + (<usize>j << 2));
      for (let lanes = i32x4.bitmask(f32x4.gt(sum, f32x4.splat(scoreToBeat(selection)))); lanes; lanes &= lanes - 1) {
        const column = <u32>(j + ctz(lanes));
        if (allowed && load<u8>(allowed + column) == 0) continue;
        offer(selection, keyOf(load<f32>(scratch + (<usize>column << 2)), column), k, capacity);
      }
    }
    const count = endSelection(selection, k);
    const keys = selectedKeys(selection);
    sortDescending(keys, 0, count - 1);
    const first = <usize>row * k;
    for (let i = 0; i < k; i++) {
      const key = load<u64>(keys + (<usize>i << 3));
      store<u32>(items + ((first + i) << 2), i < count ? keyIndex(key) : u32.MAX_VALUE);
      store<f32>(scores + ((first + i) << 2), i < count ? keyScore(key) : -Infinity);
    }
  }
}

/** Writes one row of left * right over `columns` sums. */
// @ts-ignore: decorator
@inline
function multiplyRow(args: usize, row: u32, sums: usize, columns: i32): void {
  const leftOffsets = address(args, 0);
  const leftIndices = address(args, 1);
  const leftValues = address(args, 2);
  const rightOffsets = address(args, 3);
  const rightIndices = address(args, 4);
  const rightValues = address(args, 5);
  clear(sums, columns);
  const to = u32At(leftOffsets, row + 1);
  for (let e = u32At(leftOffsets, row); e < to; e++) {
    const inner = u32At(leftIndices, e);
    addSparseRow(sums, valueAt(leftValues, e), rightIndices, rightValues, u32At(rightOffsets, inner), u32At(rightOffsets, inner + 1));
  }
}
