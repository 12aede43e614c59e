// Shared by all kernels: arguments, fused multiply-add where the build has it, horizontal sums.

/** Argument i of a kernel, as an integer or address. */
// @ts-ignore: decorator
@inline
export function integer(args: usize, i: i32): i32 {
  return <i32>(<i64>load<f64>(args + (<usize>i << 3)));
}

/** Argument i of a kernel, as an address. */
// @ts-ignore: decorator
@inline
export function address(args: usize, i: i32): usize {
  return <usize>(<u32>load<f64>(args + (<usize>i << 3)));
}

/** Argument i of a kernel, as a single-precision number. */
// @ts-ignore: decorator
@inline
export function real(args: usize, i: i32): f32 {
  return <f32>load<f64>(args + (<usize>i << 3));
}

/** a * b + c in four lanes; fused in the relaxed build. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** c - a * b in four lanes; fused in the relaxed build. */
// @ts-ignore: decorator
@inline
export function multiplySubtract(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

/** The sum of four lanes. */
// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f32 {
  const pairs = f32x4.add(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** Inner product of two vectors of n numbers. */
// @ts-ignore: decorator
@inline
export function dot(a: usize, b: usize, n: i32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const at = <usize>i << 2;
    s0 = multiplyAdd(v128.load(a + at), v128.load(b + at), s0);
    s1 = multiplyAdd(v128.load(a + at, 16), v128.load(b + at, 16), s1);
  }
  let sum = sumLanes(f32x4.add(s0, s1));
  for (; i < n; i++) sum += load<f32>(a + (<usize>i << 2)) * load<f32>(b + (<usize>i << 2));
  return sum;
}

/** y += alpha * x over n numbers. */
// @ts-ignore: decorator
@inline
export function axpy(alpha: f32, x: usize, y: usize, n: i32): void {
  const a = f32x4.splat(alpha);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const at = <usize>i << 2;
    v128.store(y + at, multiplyAdd(a, v128.load(x + at), v128.load(y + at)));
  }
  for (; i < n; i++) {
    const at = <usize>i << 2;
    store<f32>(y + at, load<f32>(y + at) + alpha * load<f32>(x + at));
  }
}
