import { multiplyPanels, OVERWRITE, pack, SUBTRACT, TILE_BYTES } from "./panels";
import { address, axpy, integer } from "./simd";

// Inverse of a symmetric positive definite matrix by the sweep operator (Beaton 1964) on blocks: sweeping rows and columns K turns
//   A_KK into -D, A_iK into A_iK D, and A_ij into A_ij - A_iK D A_Kj,   D the inverse of A_KK,
// and all blocks swept leave minus the inverse. Only the upper triangle is kept up to date. As many operations as a Cholesky factorization
// and its inverse, but in few large products.
// Arguments of all: 0 matrix, 1 size, 2 first row of the block, 3 rows of the block, 4 D (rows x rows), 5 packed D, 6 packed A_.K (panels of 8),
// 7 packed A_.K D (panels of 4), 8 diagonal of the matrix at the start, 9 status (-1 or the bad row).

/** A pivot below this part of its diagonal entry is rounding noise: 2^-23. */
const NOISE: f32 = 1.1920928955078125e-7;

/** D and packed D; puts -D in place. */
export function sweepPivot(args: usize, _begin: i32, _end: i32, _scratch: usize): void {
  const size = integer(args, 1);
  const first = integer(args, 2);
  const count = integer(args, 3);
  const d = address(args, 4);
  const row = <usize>count << 2;
  const block = address(args, 0) + ((<usize>first * size + first) << 2);
  for (let i = 0; i < count; i++)
    for (let j = i; j < count; j++) {
      const value = load<f32>(block + ((<usize>i * size + j) << 2));
      store<f32>(d + <usize>i * row + (<usize>j << 2), value);
      store<f32>(d + <usize>j * row + (<usize>i << 2), value);
    }
  for (let p = 0; p < count; p++) {
    const top = d + <usize>p * row;
    const pivot = load<f32>(top + (<usize>p << 2));
    if (!(pivot > max<f32>(0, load<f32>(address(args, 8) + (<usize>(first + p) << 2)) * NOISE)) || pivot == Infinity) {
      store<i32>(address(args, 9), first + p);
      return;
    }
    const inverse = <f32>1 / pivot;
    for (let j = 0; j < count; j++) store<f32>(top + (<usize>j << 2), load<f32>(top + (<usize>j << 2)) * inverse);
    store<f32>(top + (<usize>p << 2), inverse);
    for (let i = 0; i < count; i++) {
      if (i == p) continue;
      const line = d + <usize>i * row;
      const factor = load<f32>(line + (<usize>p << 2));
      store<f32>(line + (<usize>p << 2), 0);
      axpy(-factor, top, line, count);
    }
  }
  for (let i = 0; i < count; i++)
    for (let j = i; j < count; j++) store<f32>(block + ((<usize>i * size + j) << 2), -load<f32>(d + <usize>i * row + (<usize>j << 2)));
  pack(d, address(args, 5), count, count, 8, 1, count);
}

/** Rows that {@link sweepPanel} and {@link sweepUpdate} take at once. */
const ROWS = 64;

/**
 * Blocks [begin, end) of 64 rows: packs A_.K, replaces it by A_.K D and packs that. Rows of the block itself count as zeros, so that the update
 * leaves them alone. Scratch: a tile, 2 * 64 * block rows numbers.
 */
export function sweepPanel(args: usize, begin: i32, end: i32, scratch: usize): void {
  const matrix = address(args, 0);
  const size = integer(args, 1);
  const first = integer(args, 2);
  const count = integer(args, 3);
  const old = scratch + TILE_BYTES;
  const swept = old + (<usize>(ROWS * count) << 2);
  for (let part = begin; part < end; part++) {
    const top = part * ROWS;
    const height = min(ROWS, size - top);
    for (let i = 0; i < height; i++) {
      const to = old + (<usize>(i * count) << 2);
      const row = top + i;
      if (row < first) memory.copy(to, matrix + ((<usize>row * size + first) << 2), <usize>count << 2);
      else if (row < first + count) memory.fill(to, 0, <usize>count << 2);
    }
    // Below the block its columns stand as rows.
    const below = max(top, first + count) - top;
    for (let p = 0; p < count; p++) {
      const from = matrix + ((<usize>(first + p) * size + top) << 2);
      for (let i = below; i < height; i++) store<f32>(old + (<usize>(i * count + p) << 2), load<f32>(from + (<usize>i << 2)));
    }
    const left = address(args, 7) + (<usize>top * count << 2);
    pack(old, address(args, 6) + (<usize>top * count << 2), height, count, 8, count, 1);
    pack(old, left, height, count, 4, count, 1);
    multiplyPanels(left, address(args, 5), count, swept, height, count, count, OVERWRITE, scratch);
    pack(swept, left, height, count, 4, count, 1);
    for (let i = 0; i < height; i++) if (top + i < first) memory.copy(matrix + ((<usize>(top + i) * size + first) << 2), swept + (<usize>(i * count) << 2), <usize>count << 2);
    for (let p = 0; p < count; p++) {
      const to = matrix + ((<usize>(first + p) * size + top) << 2);
      for (let i = below; i < height; i++) store<f32>(to + (<usize>i << 2), load<f32>(swept + (<usize>(i * count + p) << 2)));
    }
  }
}

/** A_ij - (A_iK D) A_Kj for blocks [begin, end) of 64 rows, from the diagonal on. */
export function sweepUpdate(args: usize, begin: i32, end: i32, scratch: usize): void {
  const size = integer(args, 1);
  const count = integer(args, 3);
  for (let part = begin; part < end; part++) {
    const top = part * ROWS;
    const left = address(args, 7) + (<usize>top * count << 2);
    const right = address(args, 6) + (<usize>top * count << 2);
    const to = address(args, 0) + ((<usize>top * size + top) << 2);
    multiplyPanels(left, right, count, to, min(ROWS, size - top), size - top, size, SUBTRACT, scratch);
  }
}

/** Minus the upper triangle, onto both triangles, blocks [begin, end) of 64 rows. */
export function sweepFinish(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const matrix = address(args, 0);
  const size = integer(args, 1);
  for (let part = begin; part < end; part++) {
    const top = part * ROWS;
    const bottom = min(size, top + ROWS);
    for (let left = top; left < size; left += ROWS)
      for (let i = top; i < bottom; i++)
        for (let j = max(i, left); j < min(left + ROWS, size); j++) {
          const at = matrix + ((<usize>i * size + j) << 2);
          const value = -load<f32>(at);
          store<f32>(at, value);
          store<f32>(matrix + ((<usize>j * size + i) << 2), value);
        }
  }
}
