// Reads clean delimited text: rows of one width, no quotes. A separate module from the other kernels, with its own memory;
// src/data/readers/clean-rows.ts is its other half.

const NEWLINE: i32 = 10;
const RETURN: i32 = 13;
/** Lookups done together, so that their slots fit into the L1 cache. */
const ROUND: i32 = 256;
/** Ids up to this many bytes are their own key. */
const INLINE: i32 = 12;
/** The last word of the key of a longer id. UTF-8 never contains the byte 0xfe, so no short id has it. */
const LONG: u32 = 0xfefefefe;
const SLOT: i32 = 16;

/** Additional results of `scanRows`: where it stopped, and whether every byte was ASCII. */
let stoppedAt: i32 = 0;
let ascii: bool = true;

export function scanStoppedAt(): i32 {
  return stoppedAt;
}

export function scanWasAscii(): bool {
  return ascii;
}

export function allocate(bytes: i32): usize {
  return heap.alloc(bytes);
}

/**
 * Cuts the bytes from `at` to `to` (behind a line feed) into rows of `width` fields. Field f goes to column places[f] (255 for none):
 * its beginnings stand at columns + 8 * capacity * places[f], one i32 a row, its ends 4 * capacity further on. Stops when there are
 * `capacity` rows. Returns their number, or -1 at a quote or a row of another width. Blank lines are skipped.
 */
export function scanRows(at: i32, to: i32, delimiter: i32, quote: i32, width: i32, places: usize, columns: usize, capacity: i32): i32 {
  const delimiters = i8x16.splat(<i8>delimiter);
  const newlines = i8x16.splat(<i8>NEWLINE);
  const quotes = i8x16.splat(<i8>quote);
  let bits = i8x16.splat(0);
  let quoted = i8x16.splat(0);
  let row = 0;
  let field = 0;
  let start = at;
  for (let p = at; p < to; p += 16) {
    const bytes = v128.load(p);
    let mask = i8x16.bitmask(v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, newlines)));
    if (p + 16 > to) {
      const within = (1 << (to - p)) - 1;
      mask &= within;
      // Bytes past the end say nothing about these rows.
      if (i8x16.bitmask(bytes) & within) bits = v128.or(bits, bytes);
      if (i8x16.bitmask(i8x16.eq(bytes, quotes)) & within) return -1;
    } else {
      bits = v128.or(bits, bytes);
      quoted = v128.or(quoted, i8x16.eq(bytes, quotes));
    }
    while (mask !== 0) {
      const end = p + ctz(mask);
      mask &= mask - 1;
      if (field < width) {
        const place = <usize>load<u8>(places + field);
        if (place !== 255) {
          const to = columns + ((place * 2 * capacity + row) << 2);
          store<i32>(to, start);
          store<i32>(to + (capacity << 2), end);
        }
      }
      field++;
      if (<i32>load<u8>(end) === NEWLINE) {
        const returned = end > start && <i32>load<u8>(end - 1) === RETURN;
        const text = returned ? end - 1 : end;
        if (field === width && (width > 1 || text > start)) {
          if (returned) {
            const place = <usize>load<u8>(places + width - 1);
            if (place !== 255) store<i32>(columns + ((place * 2 * capacity + capacity + row) << 2), text);
          }
          row++;
          if (row === capacity) {
            stoppedAt = end + 1;
            ascii = i8x16.bitmask(bits) === 0;
            return v128.any_true(quoted) ? -1 : row;
          }
        } else if (field > 1 || text > start) return -1;
        field = 0;
      }
      start = end + 1;
    }
  }
  stoppedAt = to;
  ascii = i8x16.bitmask(bits) === 0;
  return v128.any_true(quoted) ? -1 : row;
}

/** 10^0 … 10^15, made at the start. */
const powers: usize = heap.alloc(16 * 8);
for (let k = 0, power: f64 = 1; k < 16; k++, power *= 10) store<f64>(powers + (k << 3), power);

/**
 * Writes the numbers of one column to `out` (f64), those of plain decimals of up to 15 digits; NaN for everything else. Returns how many
 * are NaN. Mantissa and power of ten are exact, so one division rounds correctly (Clinger 1990).
 */
export function parseNumbers(starts: usize, ends: usize, count: i32, out: usize): i32 {
  let others = 0;
  for (let r = 0; r < count; r++) {
    let at = load<i32>(starts + (r << 2));
    const end = load<i32>(ends + (r << 2));
    let mantissa: i64 = 0;
    let point = -1;
    const first = <i32>load<u8>(at);
    if (end > at && (first === 45 || first === 43)) at++;
    const digits = at;
    let plain = end > at && end - at <= 15;
    if (plain)
      for (; at < end; at++) {
        const digit = <i32>load<u8>(at) - 48;
        if (<u32>digit <= 9) mantissa = mantissa * 10 + digit;
        else if (digit === -2 && point < 0) point = at;
        else {
          plain = false;
          break;
        }
      }
    let value: f64 = NaN;
    if (plain && (point < 0 || end - digits > 1)) {
      value = <f64>mantissa;
      if (point >= 0) value /= load<f64>(powers + ((end - point - 1) << 3));
      if (first === 45) value = -value;
    } else others++;
    store<f64>(out + (r << 3), value);
  }
  return others;
}

/** The ids of one column: an open-addressing hash table from their keys to their indices, and their texts. */
@unmanaged
class Ids {
  /** 16 bytes per slot: the key (8 + 4 bytes), then the index plus 1, 0 for a free one. */
  slots: usize;
  mask: i32;
  count: i32;
  text: usize;
  textCapacity: i32;
  textLength: i32;
  /** count + 1 offsets into the text. */
  offsets: usize;
  offsetsCapacity: i32;
}

export function newIds(): usize {
  const ids = changetype<Ids>(heap.alloc(offsetof<Ids>()));
  ids.mask = 4095;
  ids.slots = cleared(4096 * SLOT);
  ids.count = 0;
  ids.textCapacity = 1 << 16;
  ids.text = heap.alloc(ids.textCapacity);
  ids.textLength = 0;
  ids.offsetsCapacity = 4096;
  ids.offsets = heap.alloc(ids.offsetsCapacity << 2);
  store<u32>(ids.offsets, 0);
  return changetype<usize>(ids);
}

export function idCount(ids: Ids): i32 {
  return ids.count;
}

export function idText(ids: Ids): usize {
  return ids.text;
}

export function idOffsets(ids: Ids): usize {
  return ids.offsets;
}

function cleared(bytes: i32): usize {
  const at = heap.alloc(bytes);
  memory.fill(at, 0, bytes);
  return at;
}

let keyHead: u64 = 0;
let keyTail: u32 = 0;

/** The key of an id of `length` bytes: themselves, filled up with 0xff; of a longer one a hash and the mark. Reads 12 bytes. */
function makeKey(at: i32, length: i32): void {
  if (length <= INLINE) {
    const head = load<u64>(at);
    if (length < 8) {
      keyHead = head | (<u64>-1 << ((<u64>length) << 3));
      keyTail = 0xffffffff;
    } else {
      keyHead = head;
      const tail = load<u32>(at, 8);
      keyTail = length === INLINE ? tail : tail | (<u32>0xffffffff << ((length - 8) << 3));
    }
    return;
  }
  let hash: u64 = <u64>length * 0x9e3779b97f4a7c15;
  let p = at;
  const end = at + length;
  for (; p + 8 <= end; p += 8) hash = mixed(hash ^ load<u64>(p));
  // The last eight bytes again, some of them for the second time.
  keyHead = mixed(hash ^ load<u64>(end - 8));
  keyTail = LONG;
}

/** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function mixed(x: u64): u64 {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function hashOf(head: u64, tail: u32): i32 {
  return <i32>mixed(head ^ (<u64>tail * 0x9e3779b97f4a7c15));
}

const heads: usize = heap.alloc(ROUND << 3);
const tails: usize = heap.alloc(ROUND << 2);
const homes: usize = heap.alloc(ROUND << 2);

/**
 * Writes the index of each id of one column to `out` (u32), in order of first appearance. The 12 bytes after the last id must be
 * readable. Returns false, with the work half done, at an empty id.
 */
export function encodeIds(ids: Ids, starts: usize, ends: usize, count: i32, out: usize): bool {
  for (let from = 0; from < count; from += ROUND) {
    const rows = min(ROUND, count - from);
    // Grow first, so that the round stays in one table: this many ids may be new.
    while ((ids.count + rows) * 4 > ids.mask * 3) rehash(ids);
    const slots = ids.slots;
    const mask = ids.mask;
    for (let r = 0; r < rows; r++) {
      const start = load<i32>(starts + ((from + r) << 2));
      const length = load<i32>(ends + ((from + r) << 2)) - start;
      if (length === 0) return false;
      makeKey(start, length);
      store<u64>(heads + (r << 3), keyHead);
      store<u32>(tails + (r << 2), keyTail);
    }
    // No branch depends on what is loaded here, so that the processor fetches many slots at once.
    let touched: u32 = 0;
    for (let r = 0; r < rows; r++) {
      const home = hashOf(load<u64>(heads + (r << 3)), load<u32>(tails + (r << 2))) & mask;
      store<i32>(homes + (r << 2), home);
      touched |= load<u32>(slots + home * SLOT, 12);
    }
    sink = touched;
    for (let r = 0; r < rows; r++) {
      const head = load<u64>(heads + (r << 3));
      const tail = load<u32>(tails + (r << 2));
      const start = load<i32>(starts + ((from + r) << 2));
      const end = load<i32>(ends + ((from + r) << 2));
      let home = load<i32>(homes + (r << 2));
      let index: u32 = 0;
      for (;;) {
        const slot = slots + home * SLOT;
        index = load<u32>(slot, 12);
        if (index === 0) {
          store<u64>(slot, head);
          store<u32>(slot, tail, 8);
          index = add(ids, start, end - start);
          store<u32>(slot, index, 12);
          break;
        }
        if (load<u64>(slot) === head && load<u32>(slot, 8) === tail && (tail !== LONG || sameText(ids, index - 1, start, end - start))) break;
        home = (home + 1) & mask;
      }
      store<u32>(out + ((from + r) << 2), index - 1);
    }
  }
  return true;
}

/** Prevents the loads above from being optimized away. */
let sink: u32 = 0;
export function lastTouched(): u32 {
  return sink;
}

function sameText(ids: Ids, index: u32, at: i32, length: i32): bool {
  const from = load<u32>(ids.offsets + (index << 2));
  if (load<u32>(ids.offsets + (index << 2), 4) - from !== <u32>length) return false;
  return memory.compare(ids.text + from, at, length) === 0;
}

/** Appends an id; returns its index plus 1. */
function add(ids: Ids, at: i32, length: i32): u32 {
  const index = ids.count++;
  if (ids.textLength + length > ids.textCapacity) {
    const capacity = max(2 * ids.textCapacity, ids.textLength + length);
    const text = heap.alloc(capacity);
    memory.copy(text, ids.text, ids.textLength);
    ids.text = text;
    ids.textCapacity = capacity;
  }
  if (index + 2 > ids.offsetsCapacity) {
    const offsets = heap.alloc(ids.offsetsCapacity << 3);
    memory.copy(offsets, ids.offsets, ids.offsetsCapacity << 2);
    ids.offsets = offsets;
    ids.offsetsCapacity <<= 1;
  }
  memory.copy(ids.text + ids.textLength, at, length);
  ids.textLength += length;
  store<u32>(ids.offsets + ((index + 1) << 2), ids.textLength);
  return index + 1;
}

function rehash(ids: Ids): void {
  const old = ids.slots;
  const size = ids.mask + 1;
  const mask = 2 * size - 1;
  const slots = cleared(2 * size * SLOT);
  for (let i = 0; i < size; i++) {
    const from = old + i * SLOT;
    if (load<u32>(from, 12) === 0) continue;
    let home = hashOf(load<u64>(from), load<u32>(from, 8)) & mask;
    while (load<u32>(slots + home * SLOT, 12) !== 0) home = (home + 1) & mask;
    v128.store(slots + home * SLOT, v128.load(from));
  }
  ids.slots = slots;
  ids.mask = mask;
}
