// Selection of the k best of a stream of scores: candidates above the threshold (the k-th best so far) are kept in a buffer; when it is
// full, quickselect throws out all but the best k. Score and item are one key of select-keys.ts.
//
// A selection in memory: 8 bytes count, 8 bytes key of the threshold, then the keys. Its threshold score stands apart, where SIMD code
// compares against it.

import { keyIndex, keyOf, keyScore, selectLargest, sortDescending } from "./select-keys";

/** Lowest finite number: NaN and -Infinity never pass. */
const LOWEST: f32 = -3.4028234663852886e38;

/** Keys that fit before a selection has to be compressed. */
// @ts-ignore: decorator
@inline
export function selectionCapacity(k: i32): i32 {
  return 2 * k + 64;
}

// @ts-ignore: decorator
@inline
export function selectionBytes(k: i32): usize {
  return 16 + (<usize>selectionCapacity(k) << 3);
}

export function startSelection(selection: usize, threshold: usize): void {
  store<i32>(selection, 0);
  store<u64>(selection, 0, 8);
  store<f32>(threshold, LOWEST);
}

/** Takes a candidate whose score reached the threshold, unless `excluded` (ascending items from `from` to before `to`) has it. */
export function offer(selection: usize, threshold: usize, k: i32, score: f32, item: u32, from: usize, to: usize): void {
  // -0 counts as 0.
  const key = keyOf(score + 0, item);
  if (key <= load<u64>(selection, 8) || contains(from, to, item)) return;
  const count = load<i32>(selection);
  store<u64>(selection + 16 + (<usize>count << 3), key);
  store<i32>(selection, count + 1);
  if (count + 1 == selectionCapacity(k)) compress(selection, threshold, k);
}

/** Bisection without a branch in its steps: what they find is too irregular to predict. */
function contains(from: usize, to: usize, item: u32): bool {
  if (from == to) return false;
  for (let count = (to - from) >> 2; count > 1; ) {
    const half = count >> 1;
    const middle = from + (half << 2);
    from = select(middle, from, load<u32>(middle) <= item);
    count -= half;
  }
  return load<u32>(from) == item;
}

/** Keeps the k best, of more than k. */
function compress(selection: usize, threshold: usize, k: i32): void {
  const keys = selection + 16;
  selectLargest(keys, load<i32>(selection), k);
  let least = load<u64>(keys);
  for (let i = 1; i < k; i++) least = min(least, load<u64>(keys + (<usize>i << 3)));
  store<i32>(selection, k);
  store<u64>(selection, least, 8);
  store<f32>(threshold, keyScore(least));
}

/** Writes the best k in order, padded with item 0xffffffff and score -Infinity. */
export function finishSelection(selection: usize, threshold: usize, k: i32, items: usize, scores: usize): void {
  if (load<i32>(selection) > k) compress(selection, threshold, k);
  const count = load<i32>(selection);
  const keys = selection + 16;
  sortDescending(keys, 0, count - 1);
  for (let i = 0; i < k; i++) {
    const key = i < count ? load<u64>(keys + (<usize>i << 3)) : 0;
    store<u32>(items + (<usize>i << 2), i < count ? keyIndex(key) : 0xffffffff);
    store<f32>(scores + (<usize>i << 2), i < count ? keyScore(key) : -Infinity);
  }
}

/** Offers `count` scores of the items from `first` on. `allowed` has a byte for each item, or is 0 when all may be chosen. */
export function offerRun(selection: usize, threshold: usize, k: i32, scores: usize, count: i32, first: i32, allowed: usize, from: usize, to: usize): void {
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const at = scores + (<usize>i << 2);
    const limit = v128.load32_splat(threshold);
    const left = f32x4.ge(v128.load(at), limit);
    const right = f32x4.ge(v128.load(at, 16), limit);
    if (!v128.any_true(v128.or(left, right))) continue;
    for (let hits = i32x4.bitmask(left) | (i32x4.bitmask(right) << 4); hits != 0; hits &= hits - 1) {
      const j = i + ctz(hits);
      if (allowed == 0 || load<u8>(allowed + (first + j))) offer(selection, threshold, k, load<f32>(scores + (<usize>j << 2)), first + j, from, to);
    }
  }
  for (; i < count; i++) {
    const score = load<f32>(scores + (<usize>i << 2));
    if (score >= load<f32>(threshold) && (allowed == 0 || load<u8>(allowed + (first + i)))) offer(selection, threshold, k, score, first + i, from, to);
  }
}
