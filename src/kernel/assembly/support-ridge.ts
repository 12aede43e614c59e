import { choleskySolveInPlace, paddedSize } from "./cholesky";
import { address, integer, real } from "./simd";
import { clear, f32At, u32At } from "./sparse-rows";

/**
 * For each target [begin, end) (of `order`) solves (G[S, S] + regularization I) x = G[S, target] for the target's support S. Arguments:
 * offsets, indices, values of the symmetric sparse G; offsets and indices of the supports; order, regularization, size of the largest
 * support, the solutions (one number an entry of the supports), a flag a target raised where the system is not positive definite.
 * Scratch: the matrix, the right side.
 */
export function supportRidge(args: usize, begin: i32, end: i32, scratch: usize): void {
  const offsets = address(args, 0);
  const indices = address(args, 1);
  const values = address(args, 2);
  const supportOffsets = address(args, 3);
  const supportIndices = address(args, 4);
  const order = address(args, 5);
  const regularization = real(args, 6);
  const largest = paddedSize(integer(args, 7));
  const out = address(args, 8);
  const failed = address(args, 9);
  const rhs = scratch + ((<usize>largest * largest) << 2);
  for (let turn = begin; turn < end; turn++) {
    const target = u32At(order, turn);
    const first = u32At(supportOffsets, target);
    const size = <i32>(u32At(supportOffsets, target + 1) - first);
    const support = supportIndices + (<usize>first << 2);
    const stride = paddedSize(size);
    for (let a = 0; a < size; a++) {
      const row = u32At(support, a);
      const to = scratch + ((<usize>a * stride + a) << 2);
      gather(indices, values, u32At(offsets, row), u32At(offsets, row + 1), support + (<usize>a << 2), size - a, to);
      store<f32>(to, load<f32>(to) + regularization);
    }
    gather(indices, values, u32At(offsets, target), u32At(offsets, target + 1), support, size, rhs);
    if (choleskySolveInPlace(scratch, rhs, size, stride) >= 0) store<u8>(failed + target, 1);
    else memory.copy(out + (<usize>first << 2), rhs, <usize>size << 2);
  }
}

/** Writes the entries of a sparse row, [from, to), at n ascending columns, 0 where it has none. Gallops over what lies between. */
function gather(indices: usize, values: usize, from: u32, to: u32, columns: usize, n: i32, out: usize): void {
  clear(out, n);
  for (let i = 0; i < n && from < to; i++) {
    const column = u32At(columns, i);
    let step: u32 = 1;
    while (from + step < to && u32At(indices, from + step) < column) step <<= 1;
    let low = from + (step >>> 1);
    let high = min(from + step, to);
    if (u32At(indices, from) >= column) low = high = from;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (u32At(indices, middle) < column) low = middle + 1;
      else high = middle;
    }
    from = low;
    if (from < to && u32At(indices, from) == column) store<f32>(out + (<usize>i << 2), f32At(values, from));
  }
}
