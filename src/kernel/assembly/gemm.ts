import { dot, axpy } from "./simd";
import { address, integer } from "./simd";
import { ADD, multiplyPanels, OVERWRITE, pack, TILE_BYTES } from "./panels";

/** Packs columns [begin, end) of B (multiples of 8) for gemm. Arguments: B, packed, columns, depth, column stride, step stride. */
export function packColumns(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const depth = integer(args, 3);
  const stride = integer(args, 4);
  const from = address(args, 0) + ((<usize>begin * stride) << 2);
  const to = address(args, 1) + ((<usize>begin * depth) << 2);
  pack(from, to, end - begin, depth, 8, stride, integer(args, 5));
}

/**
 * C = A B or C += A B for packed B. The range counts blocks of `rowBlock` rows times `splits` groups of columns. Arguments: A, packed B,
 * C, rows, columns, depth, row stride of A, step stride of A, row stride of C, add, row block, splits, columns in a group.
 */
export function gemm(args: usize, begin: i32, end: i32, scratch: usize): void {
  const rows = integer(args, 3);
  const columns = integer(args, 4);
  const depth = integer(args, 5);
  const rowStride = integer(args, 6);
  const stepStride = integer(args, 7);
  const stride = integer(args, 8);
  const mode = integer(args, 9) ? ADD : OVERWRITE;
  const rowBlock = integer(args, 10);
  const splits = integer(args, 11);
  const group = integer(args, 12);
  for (let part = begin; part < end; part++) {
    const row = (part / splits) * rowBlock;
    const column = (part % splits) * group;
    const height = min(rowBlock, rows - row);
    pack(address(args, 0) + ((<usize>row * rowStride) << 2), scratch + TILE_BYTES, height, depth, 4, rowStride, stepStride);
    multiplyPanels(
      scratch + TILE_BYTES,
      address(args, 1) + ((<usize>column * depth) << 2),
      depth,
      address(args, 2) + ((<usize>row * stride + column) << 2),
      height,
      min(group, columns - column),
      stride,
      mode,
      scratch,
    );
  }
}

/**
 * out[i][j] = inner product of row i of A and row j of B, for rows [begin, end) of B; for few rows of A. Arguments: A (m x k), B (n x k),
 * out (m x n), m, n, k, add.
 */
export function gemmFewDots(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const m = integer(args, 3);
  const n = integer(args, 4);
  const k = integer(args, 5);
  const add = integer(args, 6);
  for (let j = begin; j < end; j++)
    for (let i = 0; i < m; i++) {
      const at = address(args, 2) + ((<usize>i * n + j) << 2);
      const value = dot(address(args, 0) + ((<usize>i * k) << 2), address(args, 1) + ((<usize>j * k) << 2), k);
      store<f32>(at, add ? load<f32>(at) + value : value);
    }
}

/** out[i] = sum over p of A[i][p] * row p of B, for columns [begin, end); for few rows of A. Arguments as {@link gemmFewDots}, B k x n. */
export function gemmFewSums(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const m = integer(args, 3);
  const n = integer(args, 4);
  const k = integer(args, 5);
  for (let i = 0; i < m; i++) {
    const to = address(args, 2) + ((<usize>i * n + begin) << 2);
    if (!integer(args, 6)) memory.fill(to, 0, <usize>(end - begin) << 2);
    for (let p = 0; p < k; p++) axpy(load<f32>(address(args, 0) + ((<usize>i * k + p) << 2)), address(args, 1) + ((<usize>p * n + begin) << 2), to, end - begin);
  }
}
