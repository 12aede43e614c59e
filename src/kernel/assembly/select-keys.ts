// Candidates of a top-k selection as 64-bit keys that order as (score descending, index ascending): the larger key is the better.

/** The key of a score and an index: score in the upper half, mapped so that integers order as the numbers do; the index inverted below. */
// @ts-ignore: decorator
@inline
export function keyOf(score: f32, index: u32): u64 {
  const bits = reinterpret<u32>(score);
  const ordered = bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
  return (<u64>ordered << 32) | (<u64>~index & 0xffffffff);
}

// @ts-ignore: decorator
@inline
export function keyScore(key: u64): f32 {
  const ordered = <u32>(key >> 32);
  return reinterpret<f32>(ordered ^ (<u32>(<i32>~ordered >> 31) | 0x80000000));
}

// @ts-ignore: decorator
@inline
export function keyIndex(key: u64): u32 {
  return ~(<u32>key);
}

// @ts-ignore: decorator
@inline
function at(keys: usize, i: i32): usize {
  return keys + (<usize>i << 3);
}

/** The middle one of three keys. */
// @ts-ignore: decorator
@inline
function median(a: u64, b: u64, c: u64): u64 {
  const low = min(a, b);
  const high = max(a, b);
  return max(low, min(high, c));
}

// A selection lies in memory: the worst key still wanted (64 bits), its score (f32, at 8), the number of keys (at 12), then the keys.
const SCORE = 8;
const COUNT = 12;
const KEYS = 16;

// @ts-ignore: decorator
@inline
export function beginSelection(selection: usize): void {
  store<u64>(selection, 0);
  store<f32>(selection, -Infinity, SCORE);
  store<i32>(selection, 0, COUNT);
}

/** A score below this is not among the k best; where indices come in ascending order, an equal one is not either. */
// @ts-ignore: decorator
@inline
export function scoreToBeat(selection: usize): f32 {
  return load<f32>(selection, SCORE);
}

/** Takes a key in, if it may be among the k best; room for `capacity` > k. */
// @ts-ignore: decorator
@inline
export function offer(selection: usize, key: u64, k: i32, capacity: i32): void {
  if (key <= load<u64>(selection)) return;
  const count = load<i32>(selection, COUNT);
  store<u64>(selection + (<usize>count << 3), key, KEYS);
  store<i32>(selection, count + 1, COUNT);
  if (count + 1 == capacity) cut(selection, k);
}

/** Leaves the k best and remembers the worst of them. */
function cut(selection: usize, k: i32): void {
  const keys = selection + KEYS;
  selectLargest(keys, load<i32>(selection, COUNT), k);
  let worst = u64.MAX_VALUE;
  for (let i = 0; i < k; i++) worst = min(worst, load<u64>(at(keys, i)));
  store<u64>(selection, worst);
  store<f32>(selection, keyScore(worst), SCORE);
  store<i32>(selection, k, COUNT);
}

/** Leaves the k best keys, in no order, at {@link selectedKeys}; returns how many there are. */
// @ts-ignore: decorator
@inline
export function endSelection(selection: usize, k: i32): i32 {
  if (load<i32>(selection, COUNT) > k) cut(selection, k);
  return load<i32>(selection, COUNT);
}

// @ts-ignore: decorator
@inline
export function selectedKeys(selection: usize): usize {
  return selection + KEYS;
}

/** Moves the k largest of n distinct keys to the front, in no order (quickselect, Hoare 1961). */
export function selectLargest(keys: usize, n: i32, k: i32): void {
  let from = 0;
  let to = n - 1;
  while (from < to) {
    const pivot = median(load<u64>(at(keys, from)), load<u64>(at(keys, (from + to) >> 1)), load<u64>(at(keys, to)));
    let i = from;
    let j = to;
    while (i <= j) {
      while (load<u64>(at(keys, i)) > pivot) i++;
      while (load<u64>(at(keys, j)) < pivot) j--;
      if (i > j) break;
      const a = load<u64>(at(keys, i));
      store<u64>(at(keys, i), load<u64>(at(keys, j)));
      store<u64>(at(keys, j), a);
      i++;
      j--;
    }
    if (k <= j + 1) to = j;
    else if (k > i) from = i;
    else return;
  }
}

/** Sorts keys in [from, to], largest first. */
export function sortDescending(keys: usize, from: i32, to: i32): void {
  while (to - from > 16) {
    const pivot = median(load<u64>(at(keys, from)), load<u64>(at(keys, (from + to) >> 1)), load<u64>(at(keys, to)));
    let i = from;
    let j = to;
    while (i <= j) {
      while (load<u64>(at(keys, i)) > pivot) i++;
      while (load<u64>(at(keys, j)) < pivot) j--;
      if (i > j) break;
      const a = load<u64>(at(keys, i));
      store<u64>(at(keys, i), load<u64>(at(keys, j)));
      store<u64>(at(keys, j), a);
      i++;
      j--;
    }
    // The smaller side by recursion, so that the stack stays shallow.
    if (j - from < to - i) {
      sortDescending(keys, from, j);
      from = i;
    } else {
      sortDescending(keys, i, to);
      to = j;
    }
  }
  for (let i = from + 1; i <= to; i++) {
    const key = load<u64>(at(keys, i));
    let j = i - 1;
    for (; j >= from && load<u64>(at(keys, j)) < key; j--) store<u64>(at(keys, j + 1), load<u64>(at(keys, j)));
    store<u64>(at(keys, j + 1), key);
  }
}
