import { address, dot, integer, multiplyAdd, multiplySubtract, real, sumLanes } from "./simd";

// Bayesian personalized ranking, see src/kernel/bpr.ts. A random stream is a 64-bit linear congruential generator with permuted output (PCG
// XSH-RR, O'Neill 2014), kept in a local variable.

// @ts-ignore: decorator
@inline
function advance(state: u64): u64 {
  return state * 6364136223846793005 + 1442695040888963407;
}

/** 32 random bits from a state. */
// @ts-ignore: decorator
@inline
function output(state: u64): u32 {
  return rotr<u32>(<u32>(((state >> 18) ^ state) >> 27), <u32>(state >> 59));
}

/** A state far from those of other seeds and parts (the finalizer of splitmix64, Steele et al. 2014). */
function stream(seed: u64, part: u64): u64 {
  let z = seed + part * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/** 1 / (1 + e^x), from a polynomial for 2^f on [-1/2, 1/2]; relative error below 1e-6. */
// @ts-ignore: decorator
@inline
function logisticOfNegative(x: f32): f32 {
  const y = min<f32>(max<f32>(x, -60), 60) * 1.44269504;
  const whole = nearest(y);
  const f = y - whole;
  let p: f32 = 0.00015403530393381609;
  p = p * f + 0.0013333558146428443;
  p = p * f + 0.009618129107628477;
  p = p * f + 0.05550410866482158;
  p = p * f + 0.2402265069591007;
  p = p * f + 0.6931471805599453;
  p = p * f + 1;
  return 1 / (1 + p * reinterpret<f32>((<i32>whole + 127) << 23));
}

/**
 * Orders the entries of users order[begin … end) by the round in which their item's block meets the user's: (block of item - block of user)
 * modulo `blocks`. Sets the cursor of each user to its first entry. Arguments: order, offsets, indices, blockOf, cursors, blocks, users.
 */
export function bprArrange(args: usize, begin: i32, end: i32, scratch: usize): void {
  const order = address(args, 0);
  const offsets = address(args, 1);
  const indices = address(args, 2);
  const blockOf = address(args, 3);
  const cursors = address(args, 4);
  const blocks = integer(args, 5);
  const users = integer(args, 6);
  const copy = scratch + 1024;
  for (let place = begin; place < end; place++) {
    const own = blockAt(place, users, blocks);
    const user = <usize>load<u32>(order + (<usize>place << 2));
    const first = load<u32>(offsets + (user << 2));
    const n = load<u32>(offsets + (user << 2), 4) - first;
    const row = indices + (<usize>first << 2);
    store<u32>(cursors + (user << 2), first);
    memory.fill(scratch, 0, <usize>(blocks + 1) << 2);
    for (let e: u32 = 0; e < n; e++) {
      const item = load<u32>(row + (<usize>e << 2));
      store<u32>(copy + (<usize>e << 2), item);
      const slot = scratch + (<usize>round(blockOf, item, own, blocks) << 2);
      store<u32>(slot, load<u32>(slot, 4) + 1, 4);
    }
    for (let b = 0; b < blocks; b++) {
      const slot = scratch + (<usize>b << 2);
      store<u32>(slot, load<u32>(slot) + load<u32>(slot, 4), 4);
    }
    for (let e: u32 = 0; e < n; e++) {
      const item = load<u32>(copy + (<usize>e << 2));
      const slot = scratch + (<usize>round(blockOf, item, own, blocks) << 2);
      const to = load<u32>(slot);
      store<u32>(row + (<usize>to << 2), item);
      store<u32>(slot, to + 1);
    }
  }
}

// @ts-ignore: decorator
@inline
function round(blockOf: usize, item: u32, own: i32, blocks: i32): i32 {
  const difference = <i32>load<u8>(blockOf + <usize>item) - own;
  return difference < 0 ? difference + blocks : difference;
}

/** The block of the user at a position in the order: blocks are runs of nearly equal length. */
// @ts-ignore: decorator
@inline
function blockAt(place: i32, users: i32, blocks: i32): i32 {
  return <i32>(((<i64>place + 1) * blocks - 1) / users);
}

/** The first position of a block. */
// @ts-ignore: decorator
@inline
function placeOf(block: i32, count: i32, blocks: i32): i32 {
  return <i32>((<i64>block * count) / blocks);
}

/**
 * One round: user blocks [begin … end), each with the item block `round` positions further. Every entry of these users with these items is one step,
 * with one negative from the same item block, the highest scored of some candidates. Arguments: order, offsets, indices, cursors, itemOrder, cumulative, users, items, blocks, round,
 * blockOf, userFactors, itemFactors, itemBias, k, learningRate, regularization, seed (high, low),
 * candidates.
 */
export function bprRound(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const order = address(args, 0);
  const offsets = address(args, 1);
  const indices = address(args, 2);
  const cursors = address(args, 3);
  const itemOrder = address(args, 4);
  const cumulative = address(args, 5);
  const users = integer(args, 6);
  const items = integer(args, 7);
  const blocks = integer(args, 8);
  const now = integer(args, 9);
  const blockOf = address(args, 10);
  const userFactors = address(args, 11);
  const itemFactors = address(args, 12);
  const itemBias = address(args, 13);
  const k = integer(args, 14);
  const rate = real(args, 15);
  const shrink: f32 = 1 - rate * real(args, 16);
  const seed = (<u64>(<i64>load<f64>(args, 17 << 3)) << 32) | <u64>(<i64>load<f64>(args, 18 << 3));
  const candidates = integer(args, 19);
  const bytes = <usize>k << 2;
  for (let own = begin; own < end; own++) {
    let state = stream(seed, <u64>(now * blocks + own + 1));
    const target = (own + now) % blocks;
    const firstItem = placeOf(target, items, blocks);
    const lastItem = placeOf(target + 1, items, blocks);
    const below = cumulative && firstItem > 0 ? load<f64>(cumulative + (<usize>(firstItem - 1) << 3)) : 0;
    const mass = cumulative ? load<f64>(cumulative + (<usize>(lastItem - 1) << 3)) - below : 0;
    const lastPlace = placeOf(own + 1, users, blocks);
    for (let place = placeOf(own, users, blocks); place < lastPlace; place++) {
      const user = <usize>load<u32>(order + (<usize>place << 2));
      const stop = load<u32>(offsets + (user << 2), 4);
      const from = load<u32>(cursors + (user << 2));
      let to = from;
      while (to < stop && <i32>load<u8>(blockOf + <usize>load<u32>(indices + (<usize>to << 2))) == target) to++;
      if (to == from) continue;
      store<u32>(cursors + (user << 2), to);
      const u = userFactors + user * bytes;
      for (let e = from; e < to; e++) {
        const positive = <usize>load<u32>(indices + (<usize>e << 2));
        let negative: usize = 0;
        let found = false;
        let highest: f32 = 0;
        for (let c = 0; c < candidates; c++) {
          // A user who has nearly every item in the block may have no negative there; then the entry waits for the next epoch.
          for (let attempt = 0; attempt < 8; attempt++) {
            state = advance(state);
            let draw = firstItem + <i32>((<u64>output(state) * <u64>(lastItem - firstItem)) >> 32);
            if (cumulative)
              draw = search(cumulative, firstItem, lastItem, below + mass * (<f64>output(state) + 0.5) * 2.3283064365386963e-10);
            const drawn = load<u32>(itemOrder + (<usize>draw << 2));
            if (contains(indices, from, to, drawn)) continue;
            const score: f32 = candidates == 1 ? 0 : dot(u, itemFactors + <usize>drawn * bytes, k) + load<f32>(itemBias + (<usize>drawn << 2));
            if (!found || score > highest) {
              highest = score;
              negative = drawn;
            }
            found = true;
            break;
          }
        }
        if (!found) continue;
        const p = itemFactors + positive * bytes;
        const q = itemFactors + negative * bytes;
        let s0 = f32x4.splat(0);
        let s1 = s0;
        let d: usize = 0;
        for (; d + 32 <= bytes; d += 32) {
          s0 = multiplyAdd(v128.load(u + d), f32x4.sub(v128.load(p + d), v128.load(q + d)), s0);
          s1 = multiplyAdd(v128.load(u + d, 16), f32x4.sub(v128.load(p + d, 16), v128.load(q + d, 16)), s1);
        }
        if (d < bytes) s0 = multiplyAdd(v128.load(u + d), f32x4.sub(v128.load(p + d), v128.load(q + d)), s0);
        const biasP = itemBias + (positive << 2);
        const biasQ = itemBias + (negative << 2);
        const step = rate * logisticOfNegative(sumLanes(f32x4.add(s0, s1)) + load<f32>(biasP) - load<f32>(biasQ));
        const g = f32x4.splat(step);
        const l = f32x4.splat(shrink);
        for (d = 0; d < bytes; d += 16) {
          const x = v128.load(u + d);
          const y = v128.load(p + d);
          const z = v128.load(q + d);
          v128.store(u + d, multiplyAdd(g, f32x4.sub(y, z), f32x4.mul(l, x)));
          v128.store(p + d, multiplyAdd(g, x, f32x4.mul(l, y)));
          v128.store(q + d, multiplySubtract(g, x, f32x4.mul(l, z)));
        }
        store<f32>(biasP, load<f32>(biasP) * shrink + step);
        store<f32>(biasQ, load<f32>(biasQ) * shrink - step);
      }
    }
  }
}

/** Whether `item` is among entries [from, to). */
// @ts-ignore: decorator
@inline
function contains(indices: usize, from: u32, to: u32, item: u32): bool {
  for (let e = from; e < to; e++) if (load<u32>(indices + (<usize>e << 2)) == item) return true;
  return false;
}

/** The first position in [from, to) whose running sum exceeds `value`. */
function search(cumulative: usize, from: i32, to: i32, value: f64): i32 {
  let low = from;
  let high = to - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<f64>(cumulative + (<usize>middle << 3)) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * User vectors for histories [begin … end) with the items fixed: `epochs` passes of the same steps from 0, with a falling learning rate. The
 * stream of a row depends only on its entries. Arguments: offsets, indices, itemFactors, itemBias, items, k, learningRate, regularization,
 * epochs, out.
 */
export function bprFoldIn(args: usize, begin: i32, end: i32, _scratch: usize): void {
  const offsets = address(args, 0);
  const indices = address(args, 1);
  const itemFactors = address(args, 2);
  const itemBias = address(args, 3);
  const items = integer(args, 4);
  const k = integer(args, 5);
  const rate = real(args, 6);
  const regularization = real(args, 7);
  const epochs = integer(args, 8);
  const out = address(args, 9);
  const bytes = <usize>k << 2;
  for (let row = begin; row < end; row++) {
    const first = load<u32>(offsets + (<usize>row << 2));
    const last = load<u32>(offsets + (<usize>row << 2), 4);
    const u = out + <usize>row * bytes;
    memory.fill(u, 0, bytes);
    let state: u64 = <u64>(last - first);
    for (let e = first; e < last; e++) state = stream(state, <u64>load<u32>(indices + (<usize>e << 2)) + 1);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const falling = rate * (1 - <f32>epoch / <f32>epochs);
      for (let e = first; e < last; e++) {
        const positive = <usize>load<u32>(indices + (<usize>e << 2));
        state = advance(state);
        const negative = <usize>((<u64>output(state) * <u64>items) >> 32);
        const p = itemFactors + positive * bytes;
        const q = itemFactors + negative * bytes;
        let s0 = f32x4.splat(0);
        for (let d: usize = 0; d < bytes; d += 16) s0 = multiplyAdd(v128.load(u + d), f32x4.sub(v128.load(p + d), v128.load(q + d)), s0);
        const margin = sumLanes(s0) + load<f32>(itemBias + (positive << 2)) - load<f32>(itemBias + (negative << 2));
        const g = f32x4.splat(falling * logisticOfNegative(margin));
        const l = f32x4.splat(1 - falling * regularization);
        for (let d: usize = 0; d < bytes; d += 16)
          v128.store(u + d, multiplyAdd(g, f32x4.sub(v128.load(p + d), v128.load(q + d)), f32x4.mul(l, v128.load(u + d))));
      }
    }
  }
}
