import { pack } from "./panels";
import { finishSelection, offer, selectionBytes, startSelection } from "./selection";
import { address, integer, multiplyAdd } from "./simd";

// Inner products of many queries with all items, and selection, without storing the products. Items stand in panels of 8, the longest
// vectors first: by Cauchy-Schwarz, |u| |v| bounds a product, so a panel whose longest vector can't lift any of four queries above its
// threshold is skipped.

/**
 * Packs panels [begin, end) of 8 items. Arguments: factors, dimensions, bias (0: none), order (the item at each place), places in use,
 * packed factors, packed bias, bounds (longest vector and largest bias of each panel), norms of all items.
 */
export function packItems(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const dimensions = integer(args, 1);
  const bias = address(args, 2);
  const order = address(args, 3);
  const count = integer(args, 4);
  for (let panel = begin; panel < end; panel++) {
    const to = address(args, 5) + (<usize>panel * dimensions << 5);
    let longest: f32 = 0;
    let largest: f32 = -Infinity;
    for (let lane = 0; lane < 8; lane++) {
      const place = panel * 8 + lane;
      const item = place < count ? load<u32>(order + (<usize>place << 2)) : 0;
      const from = address(args, 0) + (<usize>item * dimensions << 2);
      for (let p = 0; p < dimensions; p++) {
        const value = place < count ? load<f32>(from + (<usize>p << 2)) : 0;
        store<f32>(to + ((<usize>p * 8 + lane) << 2), value);
      }
      // A place out of use never passes: its score is -Infinity.
      const add: f32 = place >= count ? -Infinity : bias == 0 ? 0 : load<f32>(bias + (<usize>item << 2));
      store<f32>(address(args, 6) + (<usize>place << 2), add);
      if (place < count) {
        longest = max(longest, load<f32>(address(args, 8) + (<usize>item << 2)));
        largest = max(largest, add);
      }
    }
    store<f32>(address(args, 7) + (<usize>panel << 3), longest);
    store<f32>(address(args, 7) + (<usize>panel << 3), largest, 4);
  }
}

/** Norms of vectors [begin, end), rounded up. Arguments: vectors, dimensions, norms. */
export function norms(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const dimensions = integer(args, 1);
  for (let i = begin; i < end; i++) {
    store<f32>(address(args, 2) + (<usize>i << 2), norm(address(args, 0) + (<usize>i * dimensions << 2), dimensions));
  }
}

/** In double precision, so that no square overflows, and a little more than it is: the bound also covers the rounding of the products. */
function norm(from: usize, dimensions: i32): f32 {
  let sum: f64 = 0;
  for (let p = 0; p < dimensions; p++) {
    const value = <f64>load<f32>(from + (<usize>p << 2));
    sum += value * value;
  }
  return <f32>(Math.sqrt(sum) * (1.00001 + <f64>dimensions * 1.2e-7));
}

/** Panels of items that stay in the L2 cache while all queries of a block pass over them. */
const ITEM_PANELS = 32;

/**
 * Blocks [begin, end) of queries. Arguments 0 to 5 as in top-k.ts; 6 queries, 7 rows, 8 dimensions, 9 packed factors, 10 packed bias,
 * 11 bounds, 12 order, 13 panels, 14 rows in a block (a multiple of 4).
 */
export function topKInner(args: usize, begin: i32, end: i32, scratch: usize): void {
  const k = integer(args, 1);
  const rows = integer(args, 7);
  const dimensions = integer(args, 8);
  const panels = integer(args, 13);
  const block = integer(args, 14);
  const bytes = selectionBytes(k);
  const spare = scratch;
  const thresholds = scratch + 128;
  const lengths = thresholds + (<usize>block << 2);
  const packed = lengths + (<usize>block << 2);
  const selections = packed + (<usize>block * dimensions << 2);
  for (let part = begin; part < end; part++) {
    const top = part * block;
    const height = min(block, rows - top);
    const queries = address(args, 6) + (<usize>top * dimensions << 2);
    pack(queries, packed, height, dimensions, 4, dimensions, 1);
    for (let row = 0; row < ((height + 3) & ~3); row++) {
      startSelection(selections + <usize>row * bytes, thresholds + (<usize>row << 2));
      // A row past the edge never passes.
      if (row >= height) store<f32>(thresholds + (<usize>row << 2), Infinity);
      store<f32>(lengths + (<usize>row << 2), row < height ? norm(queries + (<usize>row * dimensions << 2), dimensions) : 0);
    }
    for (let first = 0; first < panels; first += ITEM_PANELS) {
      const last = min(panels, first + ITEM_PANELS);
      for (let row = 0; row < height; row += 4) {
        const query = packed + (<usize>row * dimensions << 2);
        const limits = thresholds + (<usize>row << 2);
        const length = v128.load(lengths + (<usize>row << 2));
        for (let panel = first; panel < last; panel++) {
          const bounds = address(args, 11) + (<usize>panel << 3);
          const reach = f32x4.add(f32x4.mul(length, v128.load32_splat(bounds)), v128.load32_splat(bounds, 4));
          // "Not below" rather than "at least": a bound that is NaN (infinite factors) prunes nothing.
          if (i32x4.all_true(f32x4.lt(reach, v128.load(limits)))) continue;
          const items = address(args, 9) + (<usize>panel * dimensions << 5);
          let hits = tileAbove(query, items, dimensions, address(args, 10) + (<usize>panel << 5), limits, spare);
          for (; hits != 0; hits &= hits - 1) {
            const at = ctz(hits);
            const line = row + (at >> 3);
            const score = load<f32>(spare + (<usize>at << 2));
            if (line >= height || !(score >= load<f32>(thresholds + (<usize>line << 2)))) continue;
            const item = load<u32>(address(args, 12) + (<usize>(panel * 8 + (at & 7)) << 2));
            offerExcept(args, selections + <usize>line * bytes, thresholds + (<usize>line << 2), k, score, item, top + line);
          }
        }
      }
    }
    for (let row = 0; row < height; row++) {
      const to = <usize>(top + row) * k << 2;
      finishSelection(selections + <usize>row * bytes, thresholds + (<usize>row << 2), k, address(args, 2) + to, address(args, 3) + to);
    }
  }
}

function offerExcept(args: usize, selection: usize, threshold: usize, k: i32, score: f32, item: u32, row: i32): void {
  const offsets = address(args, 4);
  if (offsets == 0) return offer(selection, threshold, k, score, item, 0, 0);
  const from = address(args, 5) + (<usize>load<u32>(offsets + (<usize>row << 2)) << 2);
  const to = address(args, 5) + (<usize>load<u32>(offsets + (<usize>row << 2), 4) << 2);
  offer(selection, threshold, k, score, item, from, to);
}

/**
 * The tile of panels.ts plus a bias for each column, compared with a limit for each row. Returns a bit for each result (8 a row) that
 * reaches its limit; if there is one, the results are at `out`.
 */
function tileAbove(a: usize, b: usize, depth: i32, bias: usize, limits: usize, out: usize): i32 {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  for (let p = 0; p < depth; p++, a += 16, b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    const a1 = v128.load32_splat(a, 4);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    const a2 = v128.load32_splat(a, 8);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    const a3 = v128.load32_splat(a, 12);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
  }
  const bias0 = v128.load(bias);
  const bias1 = v128.load(bias, 16);
  c00 = f32x4.add(c00, bias0);
  c10 = f32x4.add(c10, bias0);
  c20 = f32x4.add(c20, bias0);
  c30 = f32x4.add(c30, bias0);
  c01 = f32x4.add(c01, bias1);
  c11 = f32x4.add(c11, bias1);
  c21 = f32x4.add(c21, bias1);
  c31 = f32x4.add(c31, bias1);
  let limit = v128.load32_splat(limits);
  const h00 = f32x4.ge(c00, limit);
  const h01 = f32x4.ge(c01, limit);
  limit = v128.load32_splat(limits, 4);
  const h10 = f32x4.ge(c10, limit);
  const h11 = f32x4.ge(c11, limit);
  limit = v128.load32_splat(limits, 8);
  const h20 = f32x4.ge(c20, limit);
  const h21 = f32x4.ge(c21, limit);
  limit = v128.load32_splat(limits, 12);
  const h30 = f32x4.ge(c30, limit);
  const h31 = f32x4.ge(c31, limit);
  const any = v128.or(v128.or(v128.or(h00, h01), v128.or(h10, h11)), v128.or(v128.or(h20, h21), v128.or(h30, h31)));
  if (!v128.any_true(any)) return 0;
  v128.store(out, c00);
  v128.store(out, c01, 16);
  v128.store(out, c10, 32);
  v128.store(out, c11, 48);
  v128.store(out, c20, 64);
  v128.store(out, c21, 80);
  v128.store(out, c30, 96);
  v128.store(out, c31, 112);
  const low = i32x4.bitmask(h00) | (i32x4.bitmask(h01) << 4) | (i32x4.bitmask(h10) << 8) | (i32x4.bitmask(h11) << 12);
  return low | (i32x4.bitmask(h20) << 16) | (i32x4.bitmask(h21) << 20) | (i32x4.bitmask(h30) << 24) | (i32x4.bitmask(h31) << 28);
}
