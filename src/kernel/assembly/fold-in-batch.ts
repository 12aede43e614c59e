import { multiplyAdd, sumLanes } from "./simd";

// Shared by the two solvers of src/kernel/fold-in.ts. Rows are solved in batches: the product of the Gram matrix with a batch runs as one
// matrix product, and the factor rows that the batch touches lie together in a panel of scratch memory, where the steps of a solver find
// them in cache.

/** Rows solved together. A multiple of 4, the height of the register tile of `multiplyGram`. */
export const BATCH: i32 = 16;
/** Bytes that describe one row of a batch: row, entries, first slot in the address list, first entry. */
export const DESCRIPTION: usize = 16;

/**
 * Describes the rows order[at] … in `table`, as many as fit into a batch and whose entries fit into the panel, and returns their number. The
 * address of each entry's factor row goes to `addresses`: in the panel, where it is copied, or in place for a row too long for the panel.
 * The list of a row is padded to a multiple of 4 with the address of a row of zeros.
 */
export function gather(
  at: i32,
  end: i32,
  offsets: usize,
  indices: usize,
  order: usize,
  factors: usize,
  k: i32,
  panelRows: i32,
  table: usize,
  zeros: usize,
  addresses: usize,
  panel: usize,
): i32 {
  const bytes = <usize>k << 2;
  let count = 0;
  let used = 0;
  let slot = 0;
  while (count < BATCH && at + count < end) {
    const row = load<u32>(order + (<usize>(at + count) << 2));
    const first = load<u32>(offsets + (<usize>row << 2));
    const n = <i32>(load<u32>(offsets + (<usize>row << 2), 4) - first);
    if (count > 0 && used + n > panelRows) break;
    const description = table + <usize>count * DESCRIPTION;
    store<u32>(description, row);
    store<i32>(description, n, 4);
    store<i32>(description, slot, 8);
    store<u32>(description, first, 12);
    const copied = used + n <= panelRows;
    for (let e = 0; e < n; e++) {
      const source = factors + <usize>load<u32>(indices + (<usize>(first + e) << 2)) * bytes;
      let target = source;
      if (copied) {
        target = panel + <usize>(used + e) * bytes;
        for (let d: usize = 0; d < bytes; d += 16) v128.store(target + d, v128.load(source + d));
      }
      store<u32>(addresses + (<usize>(slot + e) << 2), <u32>target);
    }
    used += n;
    slot += n;
    for (; slot & 3; slot++) store<u32>(addresses + (<usize>slot << 2), <u32>zeros);
    count++;
  }
  return count;
}

/** Entries e … e + 3 of a list of n numbers; 0 beyond its end. */
export function four(list: usize, e: i32, n: i32): v128 {
  const at = list + (<usize>e << 2);
  if (e + 4 <= n) return v128.load(at);
  return f32x4(load<f32>(at), e + 1 < n ? load<f32>(at, 4) : 0, e + 2 < n ? load<f32>(at, 8) : 0, 0);
}

/** The inner products of p with the four rows whose addresses begin at `slot`, over bytes [from, to). */
// @ts-ignore: decorator
@inline
export function fourDots(slot: usize, p: usize, from: usize, to: usize): v128 {
  const v0 = <usize>load<u32>(slot);
  const v1 = <usize>load<u32>(slot, 4);
  const v2 = <usize>load<u32>(slot, 8);
  const v3 = <usize>load<u32>(slot, 12);
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  let d = from;
  for (; d + 32 <= to; d += 32) {
    const x = v128.load(p + d);
    const y = v128.load(p + d, 16);
    a0 = multiplyAdd(v128.load(v0 + d), x, a0);
    a1 = multiplyAdd(v128.load(v1 + d), x, a1);
    a2 = multiplyAdd(v128.load(v2 + d), x, a2);
    a3 = multiplyAdd(v128.load(v3 + d), x, a3);
    b0 = multiplyAdd(v128.load(v0 + d, 16), y, b0);
    b1 = multiplyAdd(v128.load(v1 + d, 16), y, b1);
    b2 = multiplyAdd(v128.load(v2 + d, 16), y, b2);
    b3 = multiplyAdd(v128.load(v3 + d, 16), y, b3);
  }
  if (d < to) {
    const x = v128.load(p + d);
    a0 = multiplyAdd(v128.load(v0 + d), x, a0);
    a1 = multiplyAdd(v128.load(v1 + d), x, a1);
    a2 = multiplyAdd(v128.load(v2 + d), x, a2);
    a3 = multiplyAdd(v128.load(v3 + d), x, a3);
  }
  return f32x4(sumLanes(f32x4.add(a0, b0)), sumLanes(f32x4.add(a1, b1)), sumLanes(f32x4.add(a2, b2)), sumLanes(f32x4.add(a3, b3)));
}

/** q += the four rows whose addresses begin at `slot`, times the lanes of c, over bytes [from, to). */
// @ts-ignore: decorator
@inline
export function addFour(slot: usize, c: v128, q: usize, from: usize, to: usize): void {
  const v0 = <usize>load<u32>(slot);
  const v1 = <usize>load<u32>(slot, 4);
  const v2 = <usize>load<u32>(slot, 8);
  const v3 = <usize>load<u32>(slot, 12);
  const c0 = f32x4.splat(f32x4.extract_lane(c, 0));
  const c1 = f32x4.splat(f32x4.extract_lane(c, 1));
  const c2 = f32x4.splat(f32x4.extract_lane(c, 2));
  const c3 = f32x4.splat(f32x4.extract_lane(c, 3));
  let d = from;
  for (; d + 32 <= to; d += 32) {
    let x = v128.load(q + d);
    let y = v128.load(q + d, 16);
    x = multiplyAdd(c0, v128.load(v0 + d), x);
    y = multiplyAdd(c0, v128.load(v0 + d, 16), y);
    x = multiplyAdd(c1, v128.load(v1 + d), x);
    y = multiplyAdd(c1, v128.load(v1 + d, 16), y);
    x = multiplyAdd(c2, v128.load(v2 + d), x);
    y = multiplyAdd(c2, v128.load(v2 + d, 16), y);
    x = multiplyAdd(c3, v128.load(v3 + d), x);
    y = multiplyAdd(c3, v128.load(v3 + d, 16), y);
    v128.store(q + d, x);
    v128.store(q + d, y, 16);
  }
  if (d < to) {
    let x = v128.load(q + d);
    x = multiplyAdd(c0, v128.load(v0 + d), x);
    x = multiplyAdd(c1, v128.load(v1 + d), x);
    x = multiplyAdd(c2, v128.load(v2 + d), x);
    v128.store(q + d, multiplyAdd(c3, v128.load(v3 + d), x));
  }
}

/** C = A G for `rows` rows of A (a multiple of 4) and the symmetric k x k matrix G; columns [from, to), multiples of 4, of G and C alone. */
export function multiplyGram(a: usize, g: usize, c: usize, rows: i32, k: i32, from: i32, to: i32): void {
  const bytes = <usize>k << 2;
  const right = <usize>to << 2;
  for (let i = 0; i < rows; i += 4) {
    const r0 = a + <usize>i * bytes;
    const r1 = r0 + bytes;
    const r2 = r1 + bytes;
    const r3 = r2 + bytes;
    let at = c + <usize>i * bytes + (<usize>from << 2);
    let j = <usize>from << 2;
    for (; j + 32 <= right; j += 32, at += 32) {
      let x0 = f32x4.splat(0);
      let x1 = x0;
      let x2 = x0;
      let x3 = x0;
      let y0 = x0;
      let y1 = x0;
      let y2 = x0;
      let y3 = x0;
      for (let d: usize = 0, b = g + j; d < bytes; d += 4, b += bytes) {
        const x = v128.load(b);
        const y = v128.load(b, 16);
        const s0 = v128.load32_splat(r0 + d);
        x0 = multiplyAdd(s0, x, x0);
        y0 = multiplyAdd(s0, y, y0);
        const s1 = v128.load32_splat(r1 + d);
        x1 = multiplyAdd(s1, x, x1);
        y1 = multiplyAdd(s1, y, y1);
        const s2 = v128.load32_splat(r2 + d);
        x2 = multiplyAdd(s2, x, x2);
        y2 = multiplyAdd(s2, y, y2);
        const s3 = v128.load32_splat(r3 + d);
        x3 = multiplyAdd(s3, x, x3);
        y3 = multiplyAdd(s3, y, y3);
      }
      v128.store(at, x0);
      v128.store(at, y0, 16);
      v128.store(at + bytes, x1);
      v128.store(at + bytes, y1, 16);
      v128.store(at + 2 * bytes, x2);
      v128.store(at + 2 * bytes, y2, 16);
      v128.store(at + 3 * bytes, x3);
      v128.store(at + 3 * bytes, y3, 16);
    }
    if (j < right) {
      let x0 = f32x4.splat(0);
      let x1 = x0;
      let x2 = x0;
      let x3 = x0;
      for (let d: usize = 0, b = g + j; d < bytes; d += 4, b += bytes) {
        const x = v128.load(b);
        x0 = multiplyAdd(v128.load32_splat(r0 + d), x, x0);
        x1 = multiplyAdd(v128.load32_splat(r1 + d), x, x1);
        x2 = multiplyAdd(v128.load32_splat(r2 + d), x, x2);
        x3 = multiplyAdd(v128.load32_splat(r3 + d), x, x3);
      }
      v128.store(at, x0);
      v128.store(at + bytes, x1);
      v128.store(at + 2 * bytes, x2);
      v128.store(at + 3 * bytes, x3);
    }
  }
}
