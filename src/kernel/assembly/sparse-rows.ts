// Sums over rows of a sparse matrix, shared by the sparse kernels.

/** Adds a times a sparse row, its entries at [from, to), to dense sums. `values` is 0 when all are 1. */
// @ts-ignore: decorator
@inline
export function addSparseRow(sums: usize, a: f32, indices: usize, values: usize, from: u32, to: u32): void {
  let at = indices + (<usize>from << 2);
  const end = indices + (<usize>to << 2);
  if (values) {
    // A value lies at the same distance from its index all along the row.
    const distance = values - indices;
    for (; at < end; at += 4) {
      const sum = sums + (<usize>load<u32>(at) << 2);
      store<f32>(sum, load<f32>(sum) + a * load<f32>(at + distance));
    }
    return;
  }
  for (; at + 16 <= end; at += 16) {
    const sum0 = sums + (<usize>load<u32>(at) << 2);
    store<f32>(sum0, load<f32>(sum0) + a);
    const sum1 = sums + (<usize>load<u32>(at, 4) << 2);
    store<f32>(sum1, load<f32>(sum1) + a);
    const sum2 = sums + (<usize>load<u32>(at, 8) << 2);
    store<f32>(sum2, load<f32>(sum2) + a);
    const sum3 = sums + (<usize>load<u32>(at, 12) << 2);
    store<f32>(sum3, load<f32>(sum3) + a);
  }
  for (; at < end; at += 4) {
    const sum = sums + (<usize>load<u32>(at) << 2);
    store<f32>(sum, load<f32>(sum) + a);
  }
}

/**
 * As {@link addSparseRow}, and notes in `touched`, after the `count` columns noted before, each column whose sum was 0. Returns the new
 * count. A sum that came back to 0 is noted again.
 */
// @ts-ignore: decorator
@inline
export function addSparseRowNoting(sums: usize, a: f32, indices: usize, values: usize, from: u32, to: u32, touched: usize, count: i32): i32 {
  for (let entry = from; entry < to; entry++) {
    const column = u32At(indices, entry);
    const at = sums + (<usize>column << 2);
    const sum = load<f32>(at);
    store<u32>(touched + (<usize>count << 2), column);
    count += i32(sum == 0);
    store<f32>(at, sum + (values ? a * f32At(values, entry) : a));
  }
  return count;
}

/** The value of an entry; 1 when `values` is 0. */
// @ts-ignore: decorator
@inline
export function valueAt(values: usize, entry: u32): f32 {
  return values ? f32At(values, entry) : 1;
}

/** Entry i of an array of 32-bit integers. */
// @ts-ignore: decorator
@inline
export function u32At(array: usize, i: u32): u32 {
  return load<u32>(array + (<usize>i << 2));
}

/** Entry i of an array of single-precision numbers. */
// @ts-ignore: decorator
@inline
export function f32At(array: usize, i: u32): f32 {
  return load<f32>(array + (<usize>i << 2));
}

/** Writes zeros over n numbers. */
// @ts-ignore: decorator
@inline
export function clear(array: usize, n: i32): void {
  memory.fill(array, 0, <usize>n << 2);
}
