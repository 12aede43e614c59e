import type { FeatureColumn, FeatureTable } from "../../../data/features.ts";
import type { ItemSums } from "../item-sums.ts";
import { VectorBuckets } from "./vector-buckets.ts";

interface Read {
  readonly name: string;
  readonly dimensions: number;
  readonly buckets: VectorBuckets;
  /** The weighted sum of the unit vectors in the profile. */
  readonly direction: Float32Array;
  values: Float32Array;
  active: boolean;
}

/** Properties of type vector: cosine similarities and approximate nearest neighbors. */
export class ItemVectors {
  private readonly reads: readonly Read[];

  constructor(columns: FeatureTable, properties: readonly string[], room: number) {
    this.reads = properties.flatMap((name) => {
      const column: FeatureColumn = columns[name];
      if (column.type !== "vector") return [];
      const { dimensions, values } = column;
      const buckets = new VectorBuckets(dimensions, room);
      return [{ name, dimensions, buckets, direction: new Float32Array(dimensions), values, active: false }];
    });
  }

  follow(columns: FeatureTable): void {
    for (const read of this.reads) {
      const column = columns[read.name];
      if (column.type === "vector") read.values = column.values;
    }
  }

  /** How many vectors an item has. */
  count(item: number): number {
    let count = 0;
    for (const { dimensions, values } of this.reads) if (lengthOf(values, item * dimensions, dimensions) > 0) count++;
    return count;
  }

  has(item: number): boolean {
    return this.count(item) > 0;
  }

  put(item: number): void {
    for (const { dimensions, values, buckets } of this.reads)
      if (lengthOf(values, item * dimensions, dimensions) > 0) buckets.add(item, values, item * dimensions);
  }

  startProfile(): void {
    for (const read of this.reads) {
      read.direction.fill(0);
      read.active = false;
    }
  }

  addToProfile(item: number, weight: number): void {
    for (const read of this.reads) {
      const { dimensions, values, direction } = read;
      const length = lengthOf(values, item * dimensions, dimensions);
      if (length === 0) continue;
      read.active = true;
      for (let d = 0; d < dimensions; d++) direction[d] += (weight * values[item * dimensions + d]) / length;
    }
  }

  /** The weighted sum of the cosines with the items in the profile; negative totals count as 0. */
  similarity(item: number): number {
    let sum = 0;
    for (const { dimensions, values, direction, active } of this.reads) {
      if (!active) continue;
      const offset = item * dimensions;
      const length = lengthOf(values, offset, dimensions);
      if (length === 0) continue;
      let product = 0;
      for (let d = 0; d < dimensions; d++) product += direction[d] * values[offset + d];
      sum += Math.max(0, product / length);
    }
    return sum;
  }

  /** Adds to `sums` the share of hash tables in which items share a bucket with the profile; reads at most `most` entries per property. */
  near(most: number, sums: ItemSums): void {
    for (const { buckets, direction, active } of this.reads) if (active) buckets.near(direction, 0, most, sums);
  }
}

/** Euclidean length; 0 for a missing vector. */
function lengthOf(values: Float32Array, offset: number, dimensions: number): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d++) sum += values[offset + d] * values[offset + d];
  return sum > 0 && sum < Number.POSITIVE_INFINITY ? Math.sqrt(sum) : 0;
}
