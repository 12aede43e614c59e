import type { FeatureTable } from "../../../data/features.ts";
import type { ItemList } from "../../../data/item-list.ts";
import { TopItems } from "../../../model/top-items.ts";
import { ItemSums } from "../item-sums.ts";
import { FeatureRows } from "./feature-rows.ts";
import { ItemFeatures } from "./item-features.ts";
import { ItemVectors } from "./item-vectors.ts";

/** How many entries of inverted lists and vector buckets one search reads. Lists of rare features come first. */
const MOST_LOOKED_AT = 1000;
/** Items to compare exactly, in addition to the number wanted. */
const MORE = 32;

/**
 * An index of items by their properties. Similarity is the cosine of tf-idf vectors over words, names and number ranges (Salton and Buckley
 * 1988). If an item has vectors, it is the mean of that and their cosines. Similarities to several items are added up.
 */
export class ContentIndex {
  private readonly features: ItemFeatures;
  private readonly rows: FeatureRows;
  private readonly vectors: ItemVectors;
  private readonly prints: Uint32Array;
  private readonly fresh: Uint8Array;
  private readonly sums = new ItemSums();
  private readonly best = new TopItems();
  private indexed = 0;
  private readonly base: number;

  /** @param room maximum number of items; for more, create another index */
  constructor(columns: FeatureTable, properties: readonly string[], size: number, room: number) {
    this.base = size;
    this.features = new ItemFeatures(columns, properties, size);
    this.rows = new FeatureRows(room);
    this.vectors = new ItemVectors(columns, properties, room);
    this.prints = new Uint32Array(room);
    this.fresh = new Uint8Array(room).fill(1);
  }

  get room(): number {
    return this.prints.length;
  }

  /** Whether so many items have come since that what is usual among them should be determined anew, or that there is no room. */
  outgrownBy(size: number): boolean {
    return size > this.room || size > 2 * this.base;
  }

  /** Number of indexed items, in index order. */
  get size(): number {
    return this.indexed;
  }

  /** Whether replaced rows take up so much space that the index should be rebuilt. */
  get worn(): boolean {
    return this.rows.worn;
  }

  /** Updates the columns after a change of the catalog. */
  follow(columns: FeatureTable): void {
    this.features.follow(columns);
    this.vectors.follow(columns);
  }

  /** Indexes the current properties of an item. @returns whether they changed */
  look(item: number): boolean {
    this.indexed = Math.max(this.indexed, item + 1);
    const print = this.features.fingerprint(item);
    if (this.fresh[item] === 0 && print === this.prints[item]) return false;
    this.prints[item] = print;
    this.rows.begin(item);
    this.features.of(item, (feature, weight) => this.rows.add(feature, weight));
    this.rows.finish(item);
    this.vectors.put(item);
    const described = this.rows.lengthOf(item) > 0 || this.vectors.has(item);
    const was = this.fresh[item] === 0;
    this.fresh[item] = 0;
    return described || was;
  }

  /** Sets the items that `similarity` and `search` compare with. */
  about(items: ArrayLike<number>, weights: ArrayLike<number>, count: number): void {
    this.rows.startProfile();
    this.vectors.startProfile();
    for (let i = 0; i < count; i++) {
      if (items[i] >= this.indexed) continue;
      // An item without vectors is compared by its features alone, and vice versa.
      const parts = (this.rows.lengthOf(items[i]) > 0 ? 1 : 0) + this.vectors.count(items[i]);
      if (parts === 0) continue;
      this.rows.addToProfile(items[i], weights[i] / parts);
      this.vectors.addToProfile(items[i], weights[i] / parts);
    }
  }

  /** The similarity of an item to those set with `about`; 0 for an item without properties. */
  similarity(item: number): number {
    return item < this.indexed ? this.rows.similarity(item) + this.vectors.similarity(item) : 0;
  }

  /** The k most similar allowed items. */
  search(k: number, allowed: Uint8Array): ItemList {
    const { sums, best } = this;
    sums.start(this.room);
    this.rows.near(MOST_LOOKED_AT, sums);
    this.vectors.near(MOST_LOOKED_AT, sums);
    const { items } = sums.top(k + MORE, allowed);
    best.start(k);
    for (const item of items) {
      const similarity = this.similarity(item);
      if (similarity > 0) best.offer(item, similarity);
    }
    return best.take();
  }
}
