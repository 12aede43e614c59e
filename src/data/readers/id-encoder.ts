import { RecoError } from "../../util/errors.ts";
import type { Id } from "../vocabulary.ts";

/** Rows looked up together, so that their slots fit into the L1 cache. */
const ROUND = 256;
const NOT_YET = 0xffffffff;
/** Ids up to this many bytes are their own key. */
const INLINE = 12;
/** The third word of the key of a longer id. UTF-8 never contains the byte 0xfe, so no short id has it. */
const LONG = 0xfefefefe | 0;
/** Bytes that a scanner must leave readable after the last id of a block. */
export const READ_AHEAD = INLINE;

/** Distinct ids as UTF-8, one after another; id i is text[offsets[i]] … text[offsets[i + 1] - 1]. */
export interface IdTable {
  readonly text: Uint8Array<ArrayBuffer>;
  readonly offsets: Uint32Array<ArrayBuffer>;
}

/**
 * Gives every distinct id of a column its index, in order of first appearance, directly from the bytes of a file, so that known ids cost no
 * string.
 *
 * An open-addressing hash table. The key of an id is three words: up to 12 bytes as they are, padded with 0xff (which UTF-8 never contains). For a
 * longer id, the key is two hashes and a mark, and the text is compared as well. The key is stored in the slot next to the index, so finding a short
 * id costs one memory access outside the cache, and the accesses of a batch of rows don't wait for each other.
 */
export class IdEncoder {
  readonly kind: string;
  private count = 0;
  /** Four words per slot: the key, then the index plus 1 (0 for a free slot). */
  private slots = new Int32Array(4 * 4096);
  private mask = 4095;
  /** The UTF-8 of all ids, one after another; id i is text[offsets[i]] … text[offsets[i + 1] - 1]. */
  private text: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 16);
  private offsets: Uint32Array<ArrayBuffer> = new Uint32Array(2049);
  /** The keys of a round, three words each, and the slots where the search for them starts. */
  private readonly keys = new Int32Array(3 * ROUND);
  private readonly homes = new Int32Array(ROUND);
  private readonly key = new Int32Array(3);
  private sawText = false;
  private scratch = new Uint8Array(256);
  private readonly encoder = new TextEncoder();

  constructor(kind: string) {
    this.kind = kind;
  }

  get size(): number {
    return this.count;
  }

  /**
   * Writes the indices of `count` ids to `out`; id r is bytes[starts[r]] … bytes[ends[r] - 1]. The bytes must be valid UTF-8, with `READ_AHEAD`
   * more after the last.
   */
  encodeBatch(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, count: number, out: Uint32Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { keys, homes, slots, mask, text, offsets } = this;
    let unknown = 0;
    for (let from = 0; from < count; from += ROUND) {
      const to = Math.min(from + ROUND, count);
      for (let r = from, k = 0; r < to; r++, k += 3) writeKey(view, starts[r], ends[r], keys, k);
      // No branch depends on the loads here, so the processor fetches many slots at once; the comparison then finds them in the cache.
      for (let r = from, k = 0; r < to; r++, k += 3) {
        const home = hashOf(keys[k], keys[k + 1], keys[k + 2]) & mask;
        homes[r - from] = home;
        out[r] = slots[4 * home + 3];
      }
      for (let r = from, k = 0; r < to; r++, k += 3) {
        const a = keys[k];
        const b = keys[k + 1];
        const c = keys[k + 2];
        let slot = homes[r - from];
        let index = out[r];
        while (index !== 0 && (slots[4 * slot] !== a || slots[4 * slot + 1] !== b || slots[4 * slot + 2] !== c)) {
          slot = (slot + 1) & mask;
          index = slots[4 * slot + 3];
        }
        if (c === LONG && index !== 0 && !sameText(bytes, starts[r], ends[r], text, offsets[index - 1], offsets[index])) index = 0;
        out[r] = index - 1;
        if (index === 0) unknown++;
      }
    }
    for (let r = 0; unknown > 0; r++)
      if (out[r] === NOT_YET) {
        out[r] = this.encode(bytes, starts[r], ends[r], view);
        unknown--;
      }
  }

  /** The index of an id that came as a value, not as bytes. If any came as a string, all ids of the column are strings. */
  encodeValue(id: string | number | bigint): number {
    if (typeof id === "string") this.sawText = true;
    const text = String(id);
    if (this.scratch.length < 3 * text.length + READ_AHEAD) this.scratch = new Uint8Array(6 * text.length + READ_AHEAD);
    const { scratch } = this;
    return this.encode(scratch, 0, this.encoder.encodeInto(text, scratch).written, new DataView(scratch.buffer));
  }

  /**
   * The ids by index: numbers if every one is an integer within ±2^53 in its shortest form, so that it reads back unchanged ("007" and "1.0"
   * don't); otherwise strings.
   */
  ids(): Id[] {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const strings = Array.from({ length: this.count }, (_, i) => decoder.decode(this.text.subarray(this.offsets[i], this.offsets[i + 1])));
    return this.sawText || !strings.every(isCanonicalInteger) ? strings : strings.map(Number);
  }

  /** The distinct ids, in order of their indices, for {@link absorb}. */
  table(): IdTable {
    return { text: this.text.slice(0, this.offsets[this.count]), offsets: this.offsets.slice(0, this.count + 1) };
  }

  /** The indices here of the ids of another encoder, in that encoder's order. */
  absorb({ text, offsets }: IdTable): Uint32Array {
    const count = offsets.length - 1;
    const padded = new Uint8Array(text.length + READ_AHEAD);
    padded.set(text);
    const starts = Int32Array.from(offsets.subarray(0, count));
    const indices = new Uint32Array(count);
    this.encodeBatch(padded, starts, Int32Array.from(offsets.subarray(1)), count, indices);
    return indices;
  }

  /** The index of one id, added if new. */
  private encode(bytes: Uint8Array, start: number, end: number, view: DataView): number {
    writeKey(view, start, end, this.key, 0);
    const [a, b, c] = this.key;
    const { slots, mask, text, offsets } = this;
    for (let slot = hashOf(a, b, c) & mask; ; slot = (slot + 1) & mask) {
      const index = slots[4 * slot + 3];
      if (index === 0) {
        slots[4 * slot] = a;
        slots[4 * slot + 1] = b;
        slots[4 * slot + 2] = c;
        slots[4 * slot + 3] = this.count + 1;
        return this.add(bytes, start, end);
      }
      const sameKey = slots[4 * slot] === a && slots[4 * slot + 1] === b && slots[4 * slot + 2] === c;
      if (sameKey && (c !== LONG || sameText(bytes, start, end, text, offsets[index - 1], offsets[index]))) return index - 1;
    }
  }

  private add(bytes: Uint8Array, start: number, end: number): number {
    const index = this.count++;
    const from = this.offsets[index];
    const to = from + end - start;
    if (to > 0xffffffff) throw new RecoError("bad-data", `The ${this.kind} ids are more than 4 GiB of text. Is that the right column?`);
    if (to > this.text.length) this.text = grown(this.text, Math.max(to, 2 * this.text.length));
    if (index + 2 > this.offsets.length) this.offsets = grown(this.offsets, 2 * this.offsets.length);
    for (let i = start; i < end; i++) this.text[from + i - start] = bytes[i];
    this.offsets[index + 1] = to;
    if (2 * this.count > this.mask) this.rehash();
    return index;
  }

  private rehash(): void {
    const old = this.slots;
    const mask = 2 * this.mask + 1;
    const slots = new Int32Array(2 * old.length);
    for (let i = 0; i < old.length; i += 4) {
      if (old[i + 3] === 0) continue;
      let slot = hashOf(old[i], old[i + 1], old[i + 2]) & mask;
      while (slots[4 * slot + 3] !== 0) slot = (slot + 1) & mask;
      for (let word = 0; word < 4; word++) slots[4 * slot + word] = old[i + word];
    }
    this.slots = slots;
    this.mask = mask;
  }
}

function writeKey(view: DataView, start: number, end: number, keys: Int32Array, at: number): void {
  const length = end - start;
  if (length > INLINE) {
    let one = 0x811c9dc5 | 0;
    let two = length;
    for (let i = start; i < end; i++) {
      const byte = view.getUint8(i);
      // FNV-1a (Fowler, Noll and Vo 1991), and a polynomial.
      one = Math.imul(one ^ byte, 0x01000193);
      two = (Math.imul(two, 31) + byte) | 0;
    }
    keys[at] = one;
    keys[at + 1] = two;
    keys[at + 2] = LONG;
    return;
  }
  // A shift by 32 would be a shift by 0, so whole words are handled separately.
  keys[at] = length >= 4 ? view.getInt32(start, true) : view.getInt32(start, true) | (-1 << (8 * length));
  keys[at + 1] =
    length >= 8 ? view.getInt32(start + 4, true) : length <= 4 ? -1 : view.getInt32(start + 4, true) | (-1 << (8 * (length - 4)));
  keys[at + 2] =
    length === 12 ? view.getInt32(start + 8, true) : length <= 8 ? -1 : view.getInt32(start + 8, true) | (-1 << (8 * (length - 8)));
}

/** The finalizer of MurmurHash3 (Appleby 2011) over the words of a key. */
function hashOf(a: number, b: number, c: number): number {
  let hash = Math.imul(a, 0xcc9e2d51) ^ Math.imul(b, 0x1b873593) ^ Math.imul(c, 0xe6546b64);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function sameText(a: Uint8Array, start: number, end: number, b: Uint8Array, from: number, to: number): boolean {
  if (end - start !== to - from) return false;
  for (let i = start, j = from; i < end; i++, j++) if (a[i] !== b[j]) return false;
  return true;
}

function isCanonicalInteger(text: string): boolean {
  const value = Number(text);
  return Number.isSafeInteger(value) && String(value) === text;
}

/** A copy of `array` with room for `length` entries. */
export function grown<T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
  array: T,
  length: number,
): T {
  const longer = new (array.constructor as new (length: number) => T)(length);
  longer.set(array);
  return longer;
}
