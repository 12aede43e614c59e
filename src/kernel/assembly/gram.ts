import { ADD, multiplyPanels, pack } from "./panels";
import { address, integer, real } from "./simd";

/** Rows packed at once. */
const DEPTH = 256;

/**
 * Part p of A' A: the upper triangle from rows [p * rowsInPart, …), into partial result p. Arguments: A, partial results (zeroed, parts x
 * columns x columns), rows, columns, rows in a part. Scratch: (2 * columns rounded up to 8) * 256 numbers and a tile.
 */
export function gramPart(args: usize, begin: i32, end: i32, scratch: usize): void {
  const a = address(args, 0);
  const rows = integer(args, 2);
  const columns = integer(args, 3);
  const rowsInPart = integer(args, 4);
  const left = scratch + 128;
  const right = left + <usize>((columns + 7) & ~7) * DEPTH * 4;
  for (let part = begin; part < end; part++) {
    const to = address(args, 1) + (<usize>part * columns * columns << 2);
    const last = min(rows, (part + 1) * rowsInPart);
    for (let row = part * rowsInPart; row < last; row += DEPTH) {
      const depth = min(DEPTH, last - row);
      const from = a + (<usize>row * columns << 2);
      pack(from, left, columns, depth, 4, 1, columns);
      pack(from, right, columns, depth, 8, 1, columns);
      for (let j = 0; j < columns; j += 8)
        multiplyPanels(left, right + (<usize>j * depth << 2), depth, to + (<usize>j << 2), min(columns, j + 8), min(8, columns - j), columns, ADD, scratch);
    }
  }
}

/**
 * Rows [begin, end) of the upper triangle of the result: the partial results added in order, times `scale`. Arguments: partial results, out, parts,
 * columns, scale.
 */
export function gramReduce(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const parts = integer(args, 2);
  const columns = integer(args, 3);
  const scale = real(args, 4);
  const size = <usize>columns * columns << 2;
  for (let i = begin; i < end; i++) {
    const offset = <usize>i * columns << 2;
    for (let j = i; j < columns; j++) {
      const at = address(args, 0) + offset + (<usize>j << 2);
      let sum = <f64>0;
      for (let part = 0; part < parts; part++) sum += load<f32>(at + <usize>part * size);
      store<f32>(address(args, 1) + offset + (<usize>j << 2), <f32>sum * scale);
    }
  }
}

/** Copies the upper triangle of a symmetric matrix onto the lower, blocks of 64 rows [begin, end). Arguments: matrix, size. */
export function mirror(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const matrix = address(args, 0);
  const size = integer(args, 1);
  for (let block = begin; block < end; block++) {
    const top = block * 64;
    const bottom = min(size, top + 64);
    // Tiles of 64 x 64, so that the columns read stay in the cache.
    for (let left = 0; left <= top; left += 64)
      for (let i = top; i < bottom; i++)
        for (let j = left; j < min(left + 64, i); j++) store<f32>(matrix + ((<usize>i * size + j) << 2), load<f32>(matrix + ((<usize>j * size + i) << 2)));
  }
}
