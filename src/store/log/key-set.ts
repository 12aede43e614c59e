/** Maximum load factor. */
const FULL = 0.7;

/**
 * A set of 64-bit hashes in an open-addressing table, alternating low and high halves. Hashes are never removed. The table is roughly in
 * the order of the low halves, so growing it reads and writes memory sequentially.
 */
export class KeySet {
  #bits = 4;
  #slots: Uint32Array;
  #size = 0;

  /** @param expected number of hashes to make room for initially */
  constructor(expected = 0) {
    while (expected > FULL * 2 ** this.#bits) this.#bits++;
    this.#slots = new Uint32Array(2 ** (this.#bits + 1));
  }

  get size(): number {
    return this.#size;
  }

  has(low: number, high: number): boolean {
    return this.#slots[this.#find(low, high)] !== 0;
  }

  /** Returns false if the hash already exists. The low half must not be 0. */
  add(low: number, high: number): boolean {
    const slot = this.#find(low, high);
    if (this.#slots[slot] !== 0) return false;
    this.#slots[slot] = low;
    this.#slots[slot + 1] = high;
    if (++this.#size > FULL * 2 ** this.#bits) this.#grow();
    return true;
  }

  /** The slot of the hash, or the empty slot for it. */
  #find(low: number, high: number): number {
    const slots = this.#slots;
    const end = slots.length;
    let slot = (low >>> (32 - this.#bits)) * 2;
    while (slots[slot] !== 0 && (slots[slot] !== low || slots[slot + 1] !== high)) {
      slot += 2;
      if (slot === end) slot = 0;
    }
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#bits++;
    this.#slots = new Uint32Array(old.length * 2);
    for (let i = 0; i < old.length; i += 2) {
      if (old[i] === 0) continue;
      const slot = this.#find(old[i], old[i + 1]);
      this.#slots[slot] = old[i];
      this.#slots[slot + 1] = old[i + 1];
    }
  }
}

/**
 * Writes the 64-bit hash of a string to `out[at]` (the low half, never 0) and `out[at + 1]`. Two lanes of multiply and rotate over UTF-16
 * units, each finished as in MurmurHash3 (Appleby 2011). With 20 million keys, the probability of any collision is 1 in 100,000.
 */
export function hashKey(text: string, out: Uint32Array, at: number): void {
  let low = text.length ^ 0x9e3779b9;
  let high = text.length ^ 0x7f4a7c15;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(((low << 5) | (low >>> 27)) ^ unit, 0xcc9e2d51);
    high = Math.imul(((high << 13) | (high >>> 19)) ^ unit, 0x85ebca6b);
  }
  // Mix part of each lane into the other, so neither keeps patterns of its own.
  const mixed = finish(low ^ Math.imul(high, 0x27d4eb2f));
  out[at] = mixed === 0 ? 1 : mixed;
  out[at + 1] = finish(high ^ Math.imul(low, 0x165667b1));
}

function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
