import { choleskySolveInPlace } from "./cholesky";
import { addFour, BATCH, DESCRIPTION, four, fourDots, gather, multiplyGram } from "./fold-in-batch";
import { address, integer, multiplyAdd } from "./simd";

/**
 * Rows order[begin … end) of src/kernel/fold-in.ts by sweeps over blocks of dimensions, each block solved exactly with the others fixed; one
 * block of all dimensions is the exact solution. Arguments: offsets, indices, weights, targets, order, factors, k, gram, regularization,
 * out, warm, centered, panelRows, slots, sweeps, blockSize (a multiple of 4); 0 is an absent array.
 */
export function foldInBlocks(args: usize, begin: i32, end: i32, scratch: usize): void {
  const offsets = address(args, 0);
  const indices = address(args, 1);
  const weights = address(args, 2);
  const targets = address(args, 3);
  const order = address(args, 4);
  const factors = address(args, 5);
  const k = integer(args, 6);
  const gram = address(args, 7);
  const regularization = address(args, 8);
  const out = address(args, 9);
  const warm = integer(args, 10) != 0;
  const centered = integer(args, 11) != 0;
  const panelRows = integer(args, 12);
  const slots = integer(args, 13);
  const sweeps = integer(args, 14);
  const size = integer(args, 15);

  const bytes = <usize>k << 2;
  const block = bytes * <usize>BATCH;
  const table = scratch;
  const zeros = table + DESCRIPTION * <usize>BATCH;
  const xs = zeros + bytes;
  const centers = xs + block;
  const qs = centers + block;
  const step = qs + block;
  const system = step + bytes;
  // Tiles of 4 x 8 reach beyond a block of 4.
  const stride = size + 4;
  const addresses = system + ((<usize>stride * stride) << 2);
  const residuals = addresses + (<usize>slots << 2);
  const panel = residuals + (<usize>slots << 2);
  memory.fill(zeros, 0, bytes);
  memory.fill(system, 0, (<usize>stride * stride) << 2);

  for (let at = begin; at < end; ) {
    const count = gather(at, end, offsets, indices, order, factors, k, panelRows, table, zeros, addresses, panel);
    const padded = (count + 3) & ~3;
    memory.fill(xs, 0, block);
    memory.fill(centers, 0, block);
    memory.fill(qs, 0, block);
    for (let b = 0; b < count; b++) {
      const description = table + <usize>b * DESCRIPTION;
      const n = load<i32>(description, 4);
      const slot = <usize>load<i32>(description, 8) << 2;
      const first = <usize>load<u32>(description, 12) << 2;
      const x = xs + <usize>b * bytes;
      if (warm) memory.copy(x, out + <usize>load<u32>(description) * bytes, bytes);
      if (centered) memory.copy(centers + <usize>b * bytes, x, bytes);
      for (let e = 0; e < n; e += 4) {
        const shift = slot + (<usize>e << 2);
        const t = targets ? four(targets + first, e, n) : f32x4.splat(1);
        v128.store(residuals + shift, warm ? f32x4.sub(t, fourDots(addresses + shift, x, 0, bytes)) : t);
      }
    }
    for (let round = 0; round < sweeps; round++)
      for (let from = 0; from < k; from += size) {
        const to = min(from + size, k);
        const width = to - from;
        const shiftFrom = <usize>from << 2;
        const shiftTo = <usize>to << 2;
        if (gram && (warm || round > 0 || from > 0)) multiplyGram(xs, gram, qs, padded, k, from, to);
        for (let b = 0; b < count; b++) {
          const description = table + <usize>b * DESCRIPTION;
          const row = <usize>load<u32>(description);
          const n = load<i32>(description, 4);
          const slot = <usize>load<i32>(description, 8) << 2;
          const w = weights ? weights + (<usize>load<u32>(description, 12) << 2) : 0;
          const x = xs + <usize>b * bytes;
          const q = qs + <usize>b * bytes;
          const center = centers + <usize>b * bytes;
          const lambda = load<f32>(regularization + (row << 2));
          for (let d = shiftFrom; d < shiftTo; d += 16)
            v128.store(step + d, f32x4.neg(multiplyAdd(f32x4.splat(lambda), f32x4.sub(v128.load(x + d), v128.load(center + d)), v128.load(q + d))));
          for (let e = 0; e < n; e += 4) {
            const shift = slot + (<usize>e << 2);
            let c = v128.load(residuals + shift);
            if (w) c = f32x4.mul(c, four(w, e, n));
            addFour(addresses + shift, c, step, shiftFrom, shiftTo);
          }
          for (let i = 0; i < width; i += 4)
            for (let j = i & ~7; j < width; j += 8) tile(addresses + slot, n, w, from, i, max(min(j, width - 8), 0), system, stride, width < 8);
          for (let i = 0; i < width; i++) {
            const to = system + ((<usize>i * stride) << 2);
            if (gram) {
              const g = gram + (((<usize>from + i) * k + from) << 2);
              for (let j = i & ~3; j < width; j += 4) {
                const shift = <usize>j << 2;
                v128.store(to + shift, f32x4.add(v128.load(to + shift), v128.load(g + shift)));
              }
            }
            const corner = to + (<usize>i << 2);
            store<f32>(corner, load<f32>(corner) + lambda);
          }
          // A singular block (no penalty, no data) stays unchanged.
          if (choleskySolveInPlace(system, step + shiftFrom, width, stride) >= 0) continue;
          for (let d = shiftFrom; d < shiftTo; d += 16) v128.store(x + d, f32x4.add(v128.load(x + d), v128.load(step + d)));
          if (round + 1 == sweeps && to == k) continue;
          for (let e = 0; e < n; e += 4) {
            const shift = slot + (<usize>e << 2);
            v128.store(residuals + shift, f32x4.sub(v128.load(residuals + shift), fourDots(addresses + shift, step, shiftFrom, shiftTo)));
          }
        }
      }
    for (let b = 0; b < count; b++) memory.copy(out + <usize>load<u32>(table + <usize>b * DESCRIPTION) * bytes, xs + <usize>b * bytes, bytes);
    at += count;
  }
}

/** Rows i … i + 3, columns j … j + 7 (of a narrow block: j … j + 3) of sum w v v' over the dimensions from `from` on. */
function tile(list: usize, n: i32, weights: usize, from: i32, i: i32, j: i32, system: usize, stride: i32, narrow: bool): void {
  const row = <usize>(from + i) << 2;
  const column = <usize>(from + j) << 2;
  const next = narrow ? column : column + 16;
  let x0 = f32x4.splat(0);
  let x1 = x0;
  let x2 = x0;
  let x3 = x0;
  let y0 = x0;
  let y1 = x0;
  let y2 = x0;
  let y3 = x0;
  for (let e = 0; e < n; e++) {
    const v = <usize>load<u32>(list + (<usize>e << 2));
    let x = v128.load(v + column);
    let y = v128.load(v + next);
    if (weights) {
      const w = v128.load32_splat(weights + (<usize>e << 2));
      x = f32x4.mul(w, x);
      y = f32x4.mul(w, y);
    }
    const s0 = v128.load32_splat(v + row);
    x0 = multiplyAdd(s0, x, x0);
    y0 = multiplyAdd(s0, y, y0);
    const s1 = v128.load32_splat(v + row, 4);
    x1 = multiplyAdd(s1, x, x1);
    y1 = multiplyAdd(s1, y, y1);
    const s2 = v128.load32_splat(v + row, 8);
    x2 = multiplyAdd(s2, x, x2);
    y2 = multiplyAdd(s2, y, y2);
    const s3 = v128.load32_splat(v + row, 12);
    x3 = multiplyAdd(s3, x, x3);
    y3 = multiplyAdd(s3, y, y3);
  }
  const bytes = <usize>stride << 2;
  const at = system + <usize>i * bytes + (<usize>j << 2);
  v128.store(at, x0);
  v128.store(at, y0, 16);
  v128.store(at + bytes, x1);
  v128.store(at + bytes, y1, 16);
  v128.store(at + 2 * bytes, x2);
  v128.store(at + 2 * bytes, y2, 16);
  v128.store(at + 3 * bytes, x3);
  v128.store(at + 3 * bytes, y3, 16);
}
