import { padSystem, paddedSize } from "./cholesky";
import { address, axpy, dot, integer, multiplyAdd, sumLanes } from "./simd";

/** out = a x for a matrix with n rows and columns, n a multiple of 4. */
export function symmetricTimesVector(a: usize, x: usize, out: usize, n: i32, stride: i32): void {
  const row = <usize>stride << 2;
  const bytes = <usize>n << 2;
  for (let i = 0; i < n; i += 4, a += 4 * row, out += 16) {
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    let t0 = f32x4.splat(0);
    let t1 = f32x4.splat(0);
    let t2 = f32x4.splat(0);
    let t3 = f32x4.splat(0);
    let j: usize = 0;
    for (; j + 32 <= bytes; j += 32) {
      const at = a + j;
      const x0 = v128.load(x + j);
      s0 = multiplyAdd(v128.load(at), x0, s0);
      s1 = multiplyAdd(v128.load(at + row), x0, s1);
      s2 = multiplyAdd(v128.load(at + 2 * row), x0, s2);
      s3 = multiplyAdd(v128.load(at + 3 * row), x0, s3);
      const x1 = v128.load(x + j, 16);
      t0 = multiplyAdd(v128.load(at, 16), x1, t0);
      t1 = multiplyAdd(v128.load(at + row, 16), x1, t1);
      t2 = multiplyAdd(v128.load(at + 2 * row, 16), x1, t2);
      t3 = multiplyAdd(v128.load(at + 3 * row, 16), x1, t3);
    }
    if (j < bytes) {
      const at = a + j;
      const x0 = v128.load(x + j);
      s0 = multiplyAdd(v128.load(at), x0, s0);
      s1 = multiplyAdd(v128.load(at + row), x0, s1);
      s2 = multiplyAdd(v128.load(at + 2 * row), x0, s2);
      s3 = multiplyAdd(v128.load(at + 3 * row), x0, s3);
    }
    store<f32>(out, sumLanes(f32x4.add(s0, t0)));
    store<f32>(out, sumLanes(f32x4.add(s1, t1)), 4);
    store<f32>(out, sumLanes(f32x4.add(s2, t2)), 8);
    store<f32>(out, sumLanes(f32x4.add(s3, t3)), 12);
  }
}

/**
 * Improves `x` toward the solution of a x = b by at most `steps` steps of conjugate gradients. `a` is symmetric and stored in full;
 * everything is padded as in cholesky.ts (`padSystem`, and zeros behind `x`), n a multiple of 4. `room` has space for 3 n numbers. Returns false when
 * a step finds that `a` is not positive definite.
 */
export function conjugateGradientInPlace(a: usize, b: usize, x: usize, n: i32, stride: i32, steps: i32, room: usize): bool {
  const bytes = <usize>n << 2;
  const residual = room;
  const direction = room + bytes;
  const image = room + 2 * bytes;
  symmetricTimesVector(a, x, image, n, stride);
  memory.copy(residual, b, bytes);
  axpy(-1, image, residual, n);
  memory.copy(direction, residual, bytes);
  let error = dot(residual, residual, n);
  // Below this the residual is rounding noise of the right side.
  const enough = dot(b, b, n) * 1e-14;
  for (let step = 0; step < steps; step++) {
    if (error <= enough) break;
    symmetricTimesVector(a, direction, image, n, stride);
    const curvature = dot(direction, image, n);
    if (!(curvature > 0) || curvature == Infinity) return false;
    const alpha = error / curvature;
    axpy(alpha, direction, x, n);
    axpy(-alpha, image, residual, n);
    const next = dot(residual, residual, n);
    const beta = f32x4.splat(next / error);
    error = next;
    for (let j: usize = 0; j < bytes; j += 16)
      v128.store(direction + j, multiplyAdd(beta, v128.load(direction + j), v128.load(residual + j)));
  }
  return error == error;
}

/**
 * Systems [begin, end). Arguments: matrices (count x size x size), right sides, solutions (start on entry), status of each system (-1, or 0
 * when not positive definite), size, steps. Scratch: paddedSize(size) * (paddedSize(size) + 5) numbers.
 */
export function conjugateGradient(args: usize, begin: i32, end: i32, scratch: usize): void {
  const n = integer(args, 4);
  const size = paddedSize(n);
  const b = scratch + (<usize>size * size << 2);
  const x = b + (<usize>size << 2);
  const bytes = <usize>n << 2;
  for (let system = begin; system < end; system++) {
    let a = address(args, 0) + <usize>system * n * bytes;
    memory.copy(b, address(args, 1) + <usize>system * bytes, bytes);
    memory.fill(x, 0, <usize>size << 2);
    memory.copy(x, address(args, 2) + <usize>system * bytes, bytes);
    if (size > n) {
      for (let i = 0; i < n; i++) memory.copy(scratch + (<usize>i * size << 2), a + <usize>i * bytes, bytes);
      a = scratch;
      padSystem(a, b, n, size);
    }
    const good = conjugateGradientInPlace(a, b, x, size, size, integer(args, 5), x + (<usize>size << 2));
    store<i32>(address(args, 3) + (<usize>system << 2), good ? -1 : 0);
    if (good) memory.copy(address(args, 2) + <usize>system * bytes, x, bytes);
  }
}
