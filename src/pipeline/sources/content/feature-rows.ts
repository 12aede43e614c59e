import type { ItemSums } from "../item-sums.ts";

/**
 * Features of items as rows and as an inverted index, with a profile to compare them with. Rare features weigh more: idf = ln(1 + (items -
 * frequency + 1/2) / (frequency + 1/2)).
 */
export class FeatureRows {
  /** Dense feature numbers by hash, and the items of each feature. May still list items whose row was replaced. */
  private readonly numbers = new Map<number, number>();
  private readonly postings: number[][] = [];
  private frequencies = new Uint32Array(1024);
  private idfs = new Float32Array(1024);
  private readonly starts: Uint32Array;
  private readonly lengths: Uint16Array;
  /** Norms of rows; 0 if not computed since the last reweighting. */
  private readonly norms: Float32Array;
  private ids = new Uint32Array(4096);
  private weights = new Float32Array(4096);
  private end = 0;
  private wasted = 0;
  private rowStart = 0;
  private described = 0;
  private weighedAt = 0;
  /** The profile's weight per feature; 0 for all features not in `inProfile`. */
  private profile = new Float32Array(1024);
  private inProfile: number[] = [];

  constructor(room: number) {
    this.starts = new Uint32Array(room);
    this.lengths = new Uint16Array(room);
    this.norms = new Float32Array(room);
  }

  get worn(): boolean {
    return this.wasted > 10_000 && this.wasted > this.end / 2;
  }

  lengthOf(item: number): number {
    return this.lengths[item];
  }

  /** Starts a new row for an item: `add` its features, then `finish`. */
  begin(item: number): void {
    const start = this.starts[item];
    const length = this.lengths[item];
    for (let at = start; at < start + length; at++) this.frequencies[this.ids[at]]--;
    if (length > 0) this.described--;
    this.wasted += length;
    this.rowStart = this.end;
  }

  add(feature: number, weight: number): void {
    let id = this.numbers.get(feature);
    if (id === undefined) {
      id = this.postings.length;
      this.numbers.set(feature, id);
      this.postings.push([]);
      if (id === this.frequencies.length) this.growFeatures();
    }
    // Features with colliding hashes in one row count as one.
    if (this.end === this.ids.length) this.growRows();
    this.ids[this.end] = id;
    this.weights[this.end++] = weight;
  }

  finish(item: number): void {
    const length = Math.min(0xffff, this.end - this.rowStart);
    this.starts[item] = this.rowStart;
    this.lengths[item] = length;
    this.norms[item] = 0;
    if (length > 0) this.described++;
    for (let at = this.rowStart; at < this.rowStart + length; at++) {
      const id = this.ids[at];
      this.frequencies[id]++;
      this.idfs[id] = this.idf(id);
      this.postings[id].push(item);
    }
    // Weights change gradually with the number of items, so recompute them only after 10% growth.
    if (this.described > this.weighedAt * 1.1 + 10) this.weigh();
  }

  startProfile(): void {
    for (const id of this.inProfile) this.profile[id] = 0;
    this.inProfile = [];
  }

  addToProfile(item: number, weight: number): void {
    const norm = this.norm(item);
    if (norm === 0) return;
    const start = this.starts[item];
    const end = start + this.lengths[item];
    for (let at = start; at < end; at++) {
      const id = this.ids[at];
      if (this.profile[id] === 0) this.inProfile.push(id);
      this.profile[id] += (weight * this.weights[at] * this.idfs[id] ** 2) / norm;
    }
  }

  /** The weighted sum of the cosines with the items in the profile. */
  similarity(item: number): number {
    const { ids, weights, profile } = this;
    const start = this.starts[item];
    const end = start + this.lengths[item];
    let product = 0;
    for (let at = start; at < end; at++) product += weights[at] * profile[ids[at]];
    return product === 0 ? 0 : product / this.norm(item);
  }

  /**
   * Adds to `sums` the approximate similarity of items that share features with the profile: rare features first, newest items first,
   * `most` entries in total. {@link similarity} is exact.
   */
  near(most: number, sums: ItemSums): void {
    const rareFirst = this.inProfile.sort((a, b) => this.frequencies[a] - this.frequencies[b]);
    let left = most;
    for (const id of rareFirst) {
      const items = this.postings[id];
      const weight = this.profile[id];
      for (let at = items.length - 1; at >= 0 && left > 0; at--, left--) sums.add(items[at], weight);
    }
  }

  private norm(item: number): number {
    if (this.norms[item] > 0) return this.norms[item];
    const start = this.starts[item];
    const end = start + this.lengths[item];
    let sum = 0;
    for (let at = start; at < end; at++) sum += (this.weights[at] * this.idfs[this.ids[at]]) ** 2;
    this.norms[item] = Math.sqrt(sum);
    return this.norms[item];
  }

  private idf(id: number): number {
    const frequency = this.frequencies[id];
    return Math.log(1 + (Math.max(0, this.described - frequency) + 0.5) / (frequency + 0.5));
  }

  private weigh(): void {
    for (let id = 0; id < this.postings.length; id++) this.idfs[id] = this.idf(id);
    this.weighedAt = this.described;
    this.norms.fill(0);
  }

  private growFeatures(): void {
    const room = 2 * this.frequencies.length;
    const frequencies = new Uint32Array(room);
    frequencies.set(this.frequencies);
    this.frequencies = frequencies;
    const idfs = new Float32Array(room);
    idfs.set(this.idfs);
    this.idfs = idfs;
    const profile = new Float32Array(room);
    profile.set(this.profile);
    this.profile = profile;
  }

  private growRows(): void {
    const ids = new Uint32Array(2 * this.ids.length);
    ids.set(this.ids);
    this.ids = ids;
    const weights = new Float32Array(2 * this.weights.length);
    weights.set(this.weights);
    this.weights = weights;
  }
}
