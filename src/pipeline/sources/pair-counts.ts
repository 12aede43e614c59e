/** Neighbors stored per item. */
const SLOTS = 32;

/**
 * Counts items and their co-occurrences in bounded memory: each item keeps its most frequent neighbors. A new neighbor decrements the
 * weakest one until it replaces it, so one-off pairs don't push out recurring ones (after Misra and Gries 1982). Counts can be too low but
 * never too high.
 */
export class PairCounts {
  private neighbors = new Uint32Array(0);
  private counts = new Float32Array(0);
  private used = new Uint8Array(0);
  private fresh = new Uint8Array(0);
  /** Number of sessions with each item. */
  private totals = new Float64Array(0);
  private all = 0;
  private items = 0;

  /** Number of items: the highest index seen, plus 1. */
  get size(): number {
    return this.items;
  }

  /** Number of sessions. */
  get total(): number {
    return this.all;
  }

  totalOf(item: number): number {
    return item < this.items ? this.totals[item] : 0;
  }

  addSession(weight: number): void {
    this.all += weight;
  }

  /** Counts an item of a session. */
  addItem(item: number, weight: number): void {
    if (item >= this.items) this.grow(item + 1);
    this.totals[item] += weight;
    this.fresh[item] = 1;
  }

  /** Counts a pair of items that were already counted with `addItem`. */
  addPair(one: number, other: number, weight: number): void {
    this.count(one, other, weight);
    this.count(other, one, weight);
  }

  /** Reverses `addSession`. */
  takeSession(weight: number): void {
    this.all = Math.max(0, this.all - weight);
  }

  /** Reverses `addItem`. */
  takeItem(item: number, weight: number): void {
    if (item >= this.items) return;
    this.totals[item] = Math.max(0, this.totals[item] - weight);
    this.fresh[item] = 1;
  }

  /** Reverses `addPair`. */
  takePair(one: number, other: number, weight: number): void {
    for (const [item, neighbor] of [
      [one, other],
      [other, one],
    ])
      for (let at = this.first(item); at < this.end(item); at++)
        if (this.neighbors[at] === neighbor) this.counts[at] = Math.max(0, this.counts[at] - weight);
  }

  /** The neighbors of an item are at `neighborAt` and `countAt` from `first` up to, but not including, `end`. */
  first(item: number): number {
    return item * SLOTS;
  }

  end(item: number): number {
    return item < this.items ? item * SLOTS + this.used[item] : item * SLOTS;
  }

  neighborAt(at: number): number {
    return this.neighbors[at];
  }

  countAt(at: number): number {
    return this.counts[at];
  }

  /** Whether the pairs of an item changed since the last call. */
  changed(item: number): boolean {
    const was = this.fresh[item] === 1;
    this.fresh[item] = 0;
    return was;
  }

  /** Multiplies every count. */
  multiply(factor: number): void {
    for (let at = 0; at < this.items * SLOTS; at++) this.counts[at] *= factor;
    for (let item = 0; item < this.items; item++) this.totals[item] *= factor;
    this.all *= factor;
  }

  private count(item: number, neighbor: number, weight: number): void {
    const { neighbors, counts } = this;
    const first = item * SLOTS;
    const end = first + this.used[item];
    let weakest = first;
    for (let at = first; at < end; at++) {
      if (neighbors[at] === neighbor) {
        counts[at] += weight;
        return;
      }
      if (counts[at] < counts[weakest]) weakest = at;
    }
    if (end < first + SLOTS) {
      neighbors[end] = neighbor;
      counts[end] = weight;
      this.used[item]++;
      return;
    }
    counts[weakest] -= weight;
    if (counts[weakest] > 0) return;
    neighbors[weakest] = neighbor;
    counts[weakest] = weight;
  }

  private grow(size: number): void {
    if (size > this.used.length) {
      const room = Math.max(size, 2 * this.used.length, 64);
      const { neighbors, counts, used, totals } = this;
      this.neighbors = new Uint32Array(room * SLOTS);
      this.neighbors.set(neighbors);
      this.counts = new Float32Array(room * SLOTS);
      this.counts.set(counts);
      this.used = new Uint8Array(room);
      this.used.set(used);
      this.fresh = new Uint8Array(room).fill(1);
      this.totals = new Float64Array(room);
      this.totals.set(totals);
    }
    this.items = size;
  }
}
