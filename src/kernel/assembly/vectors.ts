import { address, axpy as addScaled, dot as inner, integer, real } from "./simd";

/** Inner products of pieces [begin, end) of two vectors. Arguments: x, y, a 64-bit float for each piece, length, length of a piece. */
export function dot(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const length = integer(args, 3);
  const piece = integer(args, 4);
  for (let p = begin; p < end; p++) {
    const at = <usize>p * piece << 2;
    store<f64>(address(args, 2) + (<usize>p << 3), inner(address(args, 0) + at, address(args, 1) + at, min(piece, length - p * piece)));
  }
}

/** y += alpha x over [begin, end). Arguments: alpha, x, y. */
export function axpy(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const at = <usize>begin << 2;
  addScaled(real(args, 0), address(args, 1) + at, address(args, 2) + at, end - begin);
}
