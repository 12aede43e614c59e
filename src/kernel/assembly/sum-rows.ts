import { address, integer, multiplyAdd } from "./simd";

/** Sums of factor rows for rows [begin … end) of src/kernel/sum-rows.ts. Arguments: offsets, indices, values, factors, k, out; 0 is an absent array. */
export function sumRows(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const offsets = address(args, 0);
  const indices = address(args, 1);
  const values = address(args, 2);
  const factors = address(args, 3);
  const bytes = <usize>integer(args, 4) << 2;
  const out = address(args, 5);
  for (let row = begin; row < end; row++) {
    const sum = out + <usize>row * bytes;
    memory.fill(sum, 0, bytes);
    const last = load<u32>(offsets + (<usize>row << 2), 4);
    for (let e = load<u32>(offsets + (<usize>row << 2)); e < last; e++) {
      const v = factors + <usize>load<u32>(indices + (<usize>e << 2)) * bytes;
      const w = values ? v128.load32_splat(values + (<usize>e << 2)) : f32x4.splat(1);
      for (let d: usize = 0; d < bytes; d += 16) v128.store(sum + d, multiplyAdd(w, v128.load(v + d), v128.load(sum + d)));
    }
  }
}
