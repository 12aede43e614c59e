import { address, integer, multiplyAdd, multiplySubtract, sumLanes } from "./simd";

// Small symmetric positive definite systems. A matrix is row-major with `stride` numbers between rows; sizes are multiples of 4, padded
// with rows and columns of the identity (`padSystem`). The factor is upper triangular, A = U' U, with 1 / U[j][j] on its diagonal.

/** A pivot below this part of its diagonal entry is rounding noise: 2^-23. */
const NOISE: f32 = 1.1920928955078125e-7;

/** Numbers between rows for a system of n: n rounded up to a multiple of 4. */
// @ts-ignore: decorator
@inline
export function paddedSize(n: i32): i32 {
  return (n + 3) & ~3;
}

/** Fills rows and columns n … paddedSize(n) - 1 of `a` with the identity and of `b` with zeros. */
export function padSystem(a: usize, b: usize, n: i32, stride: i32): void {
  const padded = paddedSize(n);
  for (let i = n; i < padded; i++) {
    for (let j = 0; j < padded; j++) {
      store<f32>(a + ((<usize>i * stride + j) << 2), i == j ? 1 : 0);
      store<f32>(a + ((<usize>j * stride + i) << 2), i == j ? 1 : 0);
    }
    store<f32>(b + (<usize>i << 2), 0);
  }
}

/**
 * Solves a x = b in place: `b` becomes x, `a` its factor (only its upper triangle is read). Both need room for paddedSize(n) rows, `stride`
 * is at least that and a multiple of 4. Returns -1, or the first row whose pivot is not positive: then `b` is unusable.
 */
export function choleskySolveInPlace(a: usize, b: usize, n: i32, stride: i32): i32 {
  padSystem(a, b, n, stride);
  const size = paddedSize(n);
  const bad = choleskyFactor(a, size, stride);
  if (bad < 0) choleskySubstitute(a, b, size, stride);
  return bad;
}

/** Replaces the upper triangle of `a` with its factor; n is a multiple of 4. Returns -1, or the first row whose pivot is not positive. */
export function choleskyFactor(a: usize, n: i32, stride: i32): i32 {
  const row = <usize>stride << 2;
  for (let j = 0; j < n; j += 4) {
    const top = a + <usize>j * row;
    const corner = top + (<usize>j << 2);
    const limit0 = load<f32>(corner) * NOISE;
    const limit1 = load<f32>(corner + row, 4) * NOISE;
    const limit2 = load<f32>(corner + 2 * row, 8) * NOISE;
    const limit3 = load<f32>(corner + 3 * row, 12) * NOISE;
    const left = a + (<usize>j << 2);
    let c = j;
    for (; c + 8 <= n; c += 8) subtractEarlier8(left, a + (<usize>c << 2), top + (<usize>c << 2), j, row);
    if (c < n) subtractEarlier4(left, a + (<usize>c << 2), top + (<usize>c << 2), j, row);

    const d0 = load<f32>(corner);
    if (!(d0 > max<f32>(limit0, 0)) || d0 == Infinity) return j;
    const r0 = <f32>1 / sqrt(d0);
    const u01 = load<f32>(corner, 4) * r0;
    const u02 = load<f32>(corner, 8) * r0;
    const u03 = load<f32>(corner, 12) * r0;
    const d1 = load<f32>(corner + row, 4) - u01 * u01;
    if (!(d1 > max<f32>(limit1, 0)) || d1 == Infinity) return j + 1;
    const r1 = <f32>1 / sqrt(d1);
    const u12 = (load<f32>(corner + row, 8) - u01 * u02) * r1;
    const u13 = (load<f32>(corner + row, 12) - u01 * u03) * r1;
    const d2 = load<f32>(corner + 2 * row, 8) - u02 * u02 - u12 * u12;
    if (!(d2 > max<f32>(limit2, 0)) || d2 == Infinity) return j + 2;
    const r2 = <f32>1 / sqrt(d2);
    const u23 = (load<f32>(corner + 2 * row, 12) - u02 * u03 - u12 * u13) * r2;
    const d3 = load<f32>(corner + 3 * row, 12) - u03 * u03 - u13 * u13 - u23 * u23;
    if (!(d3 > max<f32>(limit3, 0)) || d3 == Infinity) return j + 3;
    const r3 = <f32>1 / sqrt(d3);

    for (let at = corner + 16, end = top + (<usize>n << 2); at < end; at += 16) {
      const x0 = f32x4.mul(v128.load(at), f32x4.splat(r0));
      const x1 = f32x4.mul(multiplySubtract(f32x4.splat(u01), x0, v128.load(at + row)), f32x4.splat(r1));
      let x2 = multiplySubtract(f32x4.splat(u02), x0, v128.load(at + 2 * row));
      x2 = f32x4.mul(multiplySubtract(f32x4.splat(u12), x1, x2), f32x4.splat(r2));
      let x3 = multiplySubtract(f32x4.splat(u03), x0, v128.load(at + 3 * row));
      x3 = multiplySubtract(f32x4.splat(u13), x1, x3);
      x3 = f32x4.mul(multiplySubtract(f32x4.splat(u23), x2, x3), f32x4.splat(r3));
      v128.store(at, x0);
      v128.store(at + row, x1);
      v128.store(at + 2 * row, x2);
      v128.store(at + 3 * row, x3);
    }
    store<f32>(corner, r0);
    store<f32>(corner, u01, 4);
    store<f32>(corner, u02, 8);
    store<f32>(corner, u03, 12);
    store<f32>(corner + row, r1, 4);
    store<f32>(corner + row, u12, 8);
    store<f32>(corner + row, u13, 12);
    store<f32>(corner + 2 * row, r2, 8);
    store<f32>(corner + 2 * row, u23, 12);
    store<f32>(corner + 3 * row, r3, 12);
  }
  return -1;
}

/** Four rows of eight columns at `to`, minus the contribution of the `count` rows of the factor above them. */
function subtractEarlier8(left: usize, right: usize, to: usize, count: i32, row: usize): void {
  let c00 = v128.load(to);
  let c01 = v128.load(to, 16);
  let c10 = v128.load(to + row);
  let c11 = v128.load(to + row, 16);
  let c20 = v128.load(to + 2 * row);
  let c21 = v128.load(to + 2 * row, 16);
  let c30 = v128.load(to + 3 * row);
  let c31 = v128.load(to + 3 * row, 16);
  for (let p = 0; p < count; p++, left += row, right += row) {
    const b0 = v128.load(right);
    const b1 = v128.load(right, 16);
    const a0 = v128.load32_splat(left);
    c00 = multiplySubtract(a0, b0, c00);
    c01 = multiplySubtract(a0, b1, c01);
    const a1 = v128.load32_splat(left, 4);
    c10 = multiplySubtract(a1, b0, c10);
    c11 = multiplySubtract(a1, b1, c11);
    const a2 = v128.load32_splat(left, 8);
    c20 = multiplySubtract(a2, b0, c20);
    c21 = multiplySubtract(a2, b1, c21);
    const a3 = v128.load32_splat(left, 12);
    c30 = multiplySubtract(a3, b0, c30);
    c31 = multiplySubtract(a3, b1, c31);
  }
  v128.store(to, c00);
  v128.store(to, c01, 16);
  v128.store(to + row, c10);
  v128.store(to + row, c11, 16);
  v128.store(to + 2 * row, c20);
  v128.store(to + 2 * row, c21, 16);
  v128.store(to + 3 * row, c30);
  v128.store(to + 3 * row, c31, 16);
}

function subtractEarlier4(left: usize, right: usize, to: usize, count: i32, row: usize): void {
  let c0 = v128.load(to);
  let c1 = v128.load(to + row);
  let c2 = v128.load(to + 2 * row);
  let c3 = v128.load(to + 3 * row);
  for (let p = 0; p < count; p++, left += row, right += row) {
    const b = v128.load(right);
    c0 = multiplySubtract(v128.load32_splat(left), b, c0);
    c1 = multiplySubtract(v128.load32_splat(left, 4), b, c1);
    c2 = multiplySubtract(v128.load32_splat(left, 8), b, c2);
    c3 = multiplySubtract(v128.load32_splat(left, 12), b, c3);
  }
  v128.store(to, c0);
  v128.store(to + row, c1);
  v128.store(to + 2 * row, c2);
  v128.store(to + 3 * row, c3);
}

/** Replaces `b` with the solution, given the factor: U' y = b forwards, then U x = y backwards. n is a multiple of 4. */
export function choleskySubstitute(a: usize, b: usize, n: i32, stride: i32): void {
  const row = <usize>stride << 2;
  const end = b + (<usize>n << 2);
  for (let j = 0; j < n; j += 4) {
    const corner = a + <usize>j * row + (<usize>j << 2);
    const at = b + (<usize>j << 2);
    const y0 = load<f32>(at) * load<f32>(corner);
    const y1 = (load<f32>(at, 4) - y0 * load<f32>(corner, 4)) * load<f32>(corner + row, 4);
    const y2 = (load<f32>(at, 8) - y0 * load<f32>(corner, 8) - y1 * load<f32>(corner + row, 8)) * load<f32>(corner + 2 * row, 8);
    let y3 = load<f32>(at, 12) - y0 * load<f32>(corner, 12) - y1 * load<f32>(corner + row, 12);
    y3 = (y3 - y2 * load<f32>(corner + 2 * row, 12)) * load<f32>(corner + 3 * row, 12);
    store<f32>(at, y0);
    store<f32>(at, y1, 4);
    store<f32>(at, y2, 8);
    store<f32>(at, y3, 12);
    for (let to = at + 16, from = corner + 16; to < end; to += 16, from += 16) {
      let left = multiplySubtract(f32x4.splat(y0), v128.load(from), v128.load(to));
      left = multiplySubtract(f32x4.splat(y1), v128.load(from + row), left);
      left = multiplySubtract(f32x4.splat(y2), v128.load(from + 2 * row), left);
      v128.store(to, multiplySubtract(f32x4.splat(y3), v128.load(from + 3 * row), left));
    }
  }
  for (let j = n - 4; j >= 0; j -= 4) {
    const corner = a + <usize>j * row + (<usize>j << 2);
    const at = b + (<usize>j << 2);
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    for (let x = at + 16, from = corner + 16; x < end; x += 16, from += 16) {
      const known = v128.load(x);
      s0 = multiplyAdd(v128.load(from), known, s0);
      s1 = multiplyAdd(v128.load(from + row), known, s1);
      s2 = multiplyAdd(v128.load(from + 2 * row), known, s2);
      s3 = multiplyAdd(v128.load(from + 3 * row), known, s3);
    }
    const x3 = (load<f32>(at, 12) - sumLanes(s3)) * load<f32>(corner + 3 * row, 12);
    const x2 = (load<f32>(at, 8) - sumLanes(s2) - x3 * load<f32>(corner + 2 * row, 12)) * load<f32>(corner + 2 * row, 8);
    const x1 = (load<f32>(at, 4) - sumLanes(s1) - x3 * load<f32>(corner + row, 12) - x2 * load<f32>(corner + row, 8)) * load<f32>(corner + row, 4);
    let x0 = load<f32>(at) - sumLanes(s0) - x3 * load<f32>(corner, 12) - x2 * load<f32>(corner, 8);
    x0 = (x0 - x1 * load<f32>(corner, 4)) * load<f32>(corner);
    store<f32>(at, x0);
    store<f32>(at, x1, 4);
    store<f32>(at, x2, 8);
    store<f32>(at, x3, 12);
  }
}

/**
 * Solves systems [begin, end). Arguments: matrices (count x size x size), right sides (become solutions), status of each system (-1 or the
 * bad row), size. Scratch: paddedSize(size) * (paddedSize(size) + 1) numbers.
 */
export function choleskySolve(args: usize, begin: i32, end: i32, scratch: usize): void {
  const n = integer(args, 3);
  const stride = paddedSize(n);
  const b = scratch + (<usize>stride * stride << 2);
  const bytes = <usize>n << 2;
  for (let system = begin; system < end; system++) {
    const from = address(args, 0) + <usize>system * n * bytes;
    const side = address(args, 1) + <usize>system * bytes;
    for (let i = 0; i < n; i++) memory.copy(scratch + (<usize>i * stride << 2), from + <usize>i * bytes, bytes);
    memory.copy(b, side, bytes);
    const bad = choleskySolveInPlace(scratch, b, n, stride);
    store<i32>(address(args, 2) + (<usize>system << 2), bad);
    if (bad < 0) memory.copy(side, b, bytes);
  }
}
