import type { FeatureTable } from "../../../data/features.ts";
import type { ItemList } from "../../../data/item-list.ts";
import { TopItems } from "../../../model/top-items.ts";
import { ItemSums } from "../item-sums.ts";
import { FeatureRows } from "./feature-rows.ts";
import { ItemFeatures } from "./item-features.ts";
import { ItemVectors } from "./item-vectors.ts";

/** Entries of inverted lists, and of buckets of vectors, that one search looks at; of the lists those of rare features first. */
const MOST_LOOKED_AT = 1000;
/** Items that are compared exactly, beside as many as are wanted. */
const MORE = 32;

/**
 * Items by their properties. Likeness is the cosine of tf-idf vectors over words, names and ranges of numbers (Salton and Buckley 1988);
 * where an item has vectors, the mean of that and their cosines. To several items, it is the sum.
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

  /** @param room items that there is room for; for more, make another index */
  constructor(columns: FeatureTable, properties: readonly string[], size: number, room: number) {
    this.features = new ItemFeatures(columns, properties, size);
    this.rows = new FeatureRows(room);
    this.vectors = new ItemVectors(columns, properties, room);
    this.prints = new Uint32Array(room);
    this.fresh = new Uint8Array(room).fill(1);
  }

  get room(): number {
    return this.prints.length;
  }

  /** Items that were looked at, in order of indices. */
  get size(): number {
    return this.indexed;
  }

  /** Whether rows that were replaced take up so much that it is time for another index. */
  get worn(): boolean {
    return this.rows.worn;
  }

  /** Takes the columns as they are after a change of the catalogue. */
  follow(columns: FeatureTable): void {
    this.features.follow(columns);
    this.vectors.follow(columns);
  }

  /** Takes the properties of an item as they are now. @returns whether they are other than before */
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

  /** Says what `likeness` and `search` are about from now on. */
  about(items: ArrayLike<number>, weights: ArrayLike<number>, count: number): void {
    this.rows.startProfile();
    this.vectors.startProfile();
    for (let i = 0; i < count; i++) {
      if (items[i] >= this.indexed) continue;
      // An item without vectors is told by its features alone, and the other way round.
      const parts = (this.rows.lengthOf(items[i]) > 0 ? 1 : 0) + this.vectors.count(items[i]);
      if (parts === 0) continue;
      this.rows.addToProfile(items[i], weights[i] / parts);
      this.vectors.addToProfile(items[i], weights[i] / parts);
    }
  }

  /** How like an item is to what the index was asked about; 0 for an item without properties. */
  likeness(item: number): number {
    return item < this.indexed ? this.rows.likeness(item) + this.vectors.likeness(item) : 0;
  }

  /** The k most alike items, as far as they are allowed. */
  search(k: number, allowed: Uint8Array): ItemList {
    const { sums, best } = this;
    sums.start(this.room);
    this.rows.near(MOST_LOOKED_AT, sums);
    this.vectors.near(MOST_LOOKED_AT, sums);
    const { items } = sums.top(k + MORE, allowed);
    best.start(k);
    for (const item of items) {
      const likeness = this.likeness(item);
      if (likeness > 0) best.offer(item, likeness);
    }
    return best.take();
  }
}
