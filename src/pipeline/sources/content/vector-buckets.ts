import { Random } from "../../../util/random.ts";
import type { ItemSums } from "../item-sums.ts";

/**
 * Number of hash tables, each with its own hyperplanes. Two vectors share a bucket if they are on the same side of all hyperplanes of a
 * table.
 */
const TABLES = 8;
/** Target number of items per bucket. */
const BUCKET = 32;
const MOST_BITS = 14;

/**
 * Finds vectors that point the same way without scanning all of them. A bucket's key is the side of each random hyperplane (Charikar,
 * Similarity estimation techniques from rounding algorithms, 2002).
 */
export class VectorBuckets {
  private readonly dimensions: number;
  private readonly bits: number;
  private readonly planes: Float32Array;
  private readonly buckets = new Map<number, number[]>();

  /** @param expected approximate number of vectors */
  constructor(dimensions: number, expected: number) {
    this.dimensions = dimensions;
    this.bits = Math.min(MOST_BITS, Math.max(1, Math.ceil(Math.log2(expected / BUCKET))));
    const random = new Random(1);
    this.planes = Float32Array.from({ length: TABLES * this.bits * dimensions }, () => random.normal());
  }

  add(item: number, values: Float32Array, offset: number): void {
    for (let table = 0; table < TABLES; table++) {
      const name = this.name(table, values, offset);
      const bucket = this.buckets.get(name);
      if (bucket === undefined) this.buckets.set(name, [item]);
      else bucket.push(item);
    }
  }

  /** Adds 1 / tables to the sum of each item in a vector's buckets, newest first, at most `most` entries in total. */
  near(values: Float32Array, offset: number, most: number, sums: ItemSums): void {
    for (let table = 0; table < TABLES; table++) {
      const bucket = this.buckets.get(this.name(table, values, offset)) ?? [];
      for (let at = bucket.length - 1, left = most / TABLES; at >= 0 && left > 0; at--, left--) sums.add(bucket[at], 1 / TABLES);
    }
  }

  private name(table: number, values: Float32Array, offset: number): number {
    const { dimensions, bits, planes } = this;
    let name = table;
    for (let bit = 0; bit < bits; bit++) {
      const plane = (table * bits + bit) * dimensions;
      let product = 0;
      for (let d = 0; d < dimensions; d++) product += planes[plane + d] * values[offset + d];
      name = 2 * name + (product > 0 ? 1 : 0);
    }
    return name;
  }
}
