// Selection of the k best of a stream of scores: candidates above the threshold (the k-th best so far) are kept in a buffer; when it is
// full, quickselect throws out all but the best k. Score and item are one 64-bit key, larger is better, equal scores by ascending item.
//
// A selection in memory: 8 bytes count, 8 bytes key of the threshold, then the keys. Its threshold score stands apart, where SIMD code
// compares against it.

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

/** Larger for larger scores; -0 counts as 0. */
// @ts-ignore: decorator
@inline
export function selectionKey(score: f32, item: u32): u64 {
  const bits = reinterpret<i32>(score + 0);
  const ordered = <u32>(bits < 0 ? ~bits : bits | 0x80000000);
  return (<u64>ordered << 32) | <u64>~item;
}

// @ts-ignore: decorator
@inline
function keyScore(key: u64): f32 {
  const ordered = <i32>(key >> 32);
  return reinterpret<f32>(ordered < 0 ? ordered & 0x7fffffff : ~ordered);
}

/** Takes a candidate whose score reached the threshold, unless `excluded` (ascending items from `from` to before `to`) has it. */
export function offer(selection: usize, threshold: usize, k: i32, score: f32, item: u32, from: usize, to: usize): void {
  const key = selectionKey(score, item);
  if (key <= load<u64>(selection, 8) || contains(from, to, item)) return;
  const count = load<i32>(selection);
  store<u64>(selection + 16 + (<usize>count << 3), key);
  store<i32>(selection, count + 1);
  if (count + 1 == selectionCapacity(k)) compress(selection, threshold, k);
}

function contains(from: usize, to: usize, item: u32): bool {
  while (from < to) {
    const middle = from + (((to - from) >> 3) << 2);
    const found = load<u32>(middle);
    if (found == item) return true;
    if (found < item) from = middle + 4;
    else to = middle;
  }
  return false;
}

/** Keeps the k best, of more than k. */
function compress(selection: usize, threshold: usize, k: i32): void {
  const keys = selection + 16;
  moveBestFirst(keys, load<i32>(selection), k);
  let least = load<u64>(keys);
  for (let i = 1; i < k; i++) least = min(least, load<u64>(keys + (<usize>i << 3)));
  store<i32>(selection, k);
  store<u64>(selection, least, 8);
  store<f32>(threshold, keyScore(least));
}

/** Quickselect: the k largest keys come first, in any order. Keys are distinct. */
function moveBestFirst(keys: usize, count: i32, k: i32): void {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const a = load<u64>(keys + (<usize>low << 3));
    const b = load<u64>(keys + (<usize>((low + high) >> 1) << 3));
    const c = load<u64>(keys + (<usize>high << 3));
    const pivot = max(min(a, b), min(max(a, b), c));
    let i = low;
    let j = high;
    while (i <= j) {
      while (load<u64>(keys + (<usize>i << 3)) > pivot) i++;
      while (load<u64>(keys + (<usize>j << 3)) < pivot) j--;
      if (i <= j) swap(keys, i++, j--);
    }
    if (k - 1 <= j) high = j;
    else if (k - 1 >= i) low = i;
    else return;
  }
}

// @ts-ignore: decorator
@inline
function swap(keys: usize, i: i32, j: i32): void {
  const left = keys + (<usize>i << 3);
  const right = keys + (<usize>j << 3);
  const key = load<u64>(left);
  store<u64>(left, load<u64>(right));
  store<u64>(right, key);
}

/** Writes the best k in order, padded with item 0xffffffff and score -Infinity. */
export function finishSelection(selection: usize, threshold: usize, k: i32, items: usize, scores: usize): void {
  if (load<i32>(selection) > k) compress(selection, threshold, k);
  const count = load<i32>(selection);
  const keys = selection + 16;
  sortDescending(keys, 0, count - 1);
  for (let i = 0; i < k; i++) {
    const key = i < count ? load<u64>(keys + (<usize>i << 3)) : 0;
    store<u32>(items + (<usize>i << 2), i < count ? ~(<u32>key) : 0xffffffff);
    store<f32>(scores + (<usize>i << 2), i < count ? keyScore(key) : -Infinity);
  }
}

function sortDescending(keys: usize, low: i32, high: i32): void {
  while (high - low > 12) {
    const a = load<u64>(keys + (<usize>low << 3));
    const b = load<u64>(keys + (<usize>((low + high) >> 1) << 3));
    const c = load<u64>(keys + (<usize>high << 3));
    const pivot = max(min(a, b), min(max(a, b), c));
    let i = low;
    let j = high;
    while (i <= j) {
      while (load<u64>(keys + (<usize>i << 3)) > pivot) i++;
      while (load<u64>(keys + (<usize>j << 3)) < pivot) j--;
      if (i <= j) swap(keys, i++, j--);
    }
    // The shorter side by recursion, so that its depth stays logarithmic.
    if (j - low < high - i) {
      sortDescending(keys, low, j);
      low = i;
    } else {
      sortDescending(keys, i, high);
      high = j;
    }
  }
  for (let i = low + 1; i <= high; i++) {
    const key = load<u64>(keys + (<usize>i << 3));
    let j = i - 1;
    for (; j >= low && load<u64>(keys + (<usize>j << 3)) < key; j--) store<u64>(keys + (<usize>(j + 1) << 3), load<u64>(keys + (<usize>j << 3)));
    store<u64>(keys + (<usize>(j + 1) << 3), key);
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
