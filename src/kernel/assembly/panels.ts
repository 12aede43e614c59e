// Panels: how the dense kernels lay out their operands. Four rows of A, or eight columns of B, stand side by side for each step of the
// inner dimension, so that a tile of 4 x 8 results streams both. Rows and columns past the edge are zeros.
import { multiplyAdd } from "./simd";

/** What a tile does with the results already there. */
export const OVERWRITE = 0;
export const ADD = 1;
export const SUBTRACT = 2;

/**
 * Packs `count` vectors of `depth` numbers into panels of `width` (4 or 8) vectors. Number p of vector j lies at
 * `from + 4 * (j * vectorStride + p * stepStride)`.
 */
export function pack(from: usize, to: usize, count: i32, depth: i32, width: i32, vectorStride: i32, stepStride: i32): void {
  for (let first = 0; first < count; first += width) {
    const panel = to + ((<usize>first * depth) << 2);
    const source = from + ((<usize>first * vectorStride) << 2);
    const live = min(width, count - first);
    if (vectorStride == 1 && live == width) copySteps(source, panel, depth, width, stepStride);
    else if (stepStride == 1 && live == width) for (let j = 0; j < width; j += 4) transposeFour(source + ((<usize>j * vectorStride) << 2), panel + (<usize>j << 2), depth, width, vectorStride);
    else
      for (let p = 0; p < depth; p++)
        for (let j = 0; j < width; j++) {
          const value = j < live ? load<f32>(source + ((<usize>j * vectorStride + <usize>p * stepStride) << 2)) : 0;
          store<f32>(panel + ((<usize>p * width + j) << 2), value);
        }
  }
}

function copySteps(from: usize, to: usize, depth: i32, width: i32, stepStride: i32): void {
  const step = <usize>stepStride << 2;
  if (width == 8)
    for (let p = 0; p < depth; p++, from += step, to += 32) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    }
  else for (let p = 0; p < depth; p++, from += step, to += 16) v128.store(to, v128.load(from));
}

/** Four vectors become four lanes of a panel `width` wide. */
function transposeFour(from: usize, to: usize, depth: i32, width: i32, vectorStride: i32): void {
  const stride = <usize>vectorStride << 2;
  const step = <usize>width << 2;
  let p = 0;
  for (; p + 4 <= depth; p += 4, from += 16, to += 4 * step) {
    const a = v128.load(from);
    const b = v128.load(from + stride);
    const c = v128.load(from + 2 * stride);
    const d = v128.load(from + 3 * stride);
    const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
    const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
    v128.store(to, i32x4.shuffle(ab, cd, 0, 1, 4, 5));
    v128.store(to + step, i32x4.shuffle(ab, cd, 2, 3, 6, 7));
    const ef = i32x4.shuffle(a, b, 2, 6, 3, 7);
    const gh = i32x4.shuffle(c, d, 2, 6, 3, 7);
    v128.store(to + 2 * step, i32x4.shuffle(ef, gh, 0, 1, 4, 5));
    v128.store(to + 3 * step, i32x4.shuffle(ef, gh, 2, 3, 6, 7));
  }
  for (; p < depth; p++, from += 4, to += step)
    for (let j = 0; j < 4; j++) store<f32>(to + (<usize>j << 2), load<f32>(from + <usize>j * stride));
}

/** One tile: 4 rows from panel `a`, 8 columns from panel `b`, `depth` steps, into `c` with `stride` bytes between rows. */
export function tile(a: usize, b: usize, depth: i32, c: usize, stride: usize, mode: i32): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  for (let p = 0; p < depth; p++, a += 16, b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    const a1 = v128.load32_splat(a, 4);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    const a2 = v128.load32_splat(a, 8);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    const a3 = v128.load32_splat(a, 12);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
  }
  put(c, c00, c01, mode);
  put(c + stride, c10, c11, mode);
  put(c + 2 * stride, c20, c21, mode);
  put(c + 3 * stride, c30, c31, mode);
}

// @ts-ignore: decorator
@inline
function put(c: usize, left: v128, right: v128, mode: i32): void {
  if (mode == ADD) {
    left = f32x4.add(v128.load(c), left);
    right = f32x4.add(v128.load(c, 16), right);
  } else if (mode == SUBTRACT) {
    left = f32x4.sub(v128.load(c), left);
    right = f32x4.sub(v128.load(c, 16), right);
  }
  v128.store(c, left);
  v128.store(c, right, 16);
}

/** Bytes of scratch that {@link multiplyPanels} needs for tiles over the edge. */
export const TILE_BYTES = 128;

/** C (rows x columns, `stride` numbers between rows) from packed A and packed B. `spare` is room for one tile. */
export function multiplyPanels(a: usize, b: usize, depth: i32, c: usize, rows: i32, columns: i32, stride: i32, mode: i32, spare: usize): void {
  const bytes = <usize>stride << 2;
  for (let j = 0; j < columns; j += 8) {
    const right = b + ((<usize>j * depth) << 2);
    const wide = min(8, columns - j);
    for (let i = 0; i < rows; i += 4) {
      const left = a + ((<usize>i * depth) << 2);
      const to = c + ((<usize>i * stride + j) << 2);
      if (wide == 8 && i + 4 <= rows) tile(left, right, depth, to, bytes, mode);
      else {
        tile(left, right, depth, spare, 32, OVERWRITE);
        mergeTile(spare, to, min(4, rows - i), wide, bytes, mode);
      }
    }
  }
}

function mergeTile(from: usize, to: usize, rows: i32, columns: i32, stride: usize, mode: i32): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const at = to + <usize>i * stride + (<usize>j << 2);
      let value = load<f32>(from + (<usize>(i * 8 + j) << 2));
      if (mode == ADD) value = load<f32>(at) + value;
      else if (mode == SUBTRACT) value = load<f32>(at) - value;
      store<f32>(at, value);
    }
}
