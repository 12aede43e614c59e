import type { ItemList } from "../../data/item-list.ts";
import { TopItems } from "../../model/top-items.ts";
import { ItemMarks } from "../item-marks.ts";

/** Sums per item, for a few items out of many. Resets without clearing catalog-sized arrays, so it can be reused between requests. */
export class ItemSums {
  private readonly marks = new ItemMarks();
  private readonly best = new TopItems();
  private touched = new Uint32Array(512);
  private sums = new Float32Array(512);
  private count = 0;

  /** Resets and makes room for items below `size`. */
  start(size: number): void {
    this.marks.start(size);
    this.count = 0;
  }

  get length(): number {
    return this.count;
  }

  add(item: number, number: number): void {
    if (this.marks.has(item)) {
      this.sums[this.marks.get(item)] += number;
      return;
    }
    if (this.count === this.touched.length) this.enlarge();
    this.marks.set(item, this.count);
    this.touched[this.count] = item;
    this.sums[this.count++] = number;
  }

  /** The sum of an item; 0 if nothing was added. */
  of(item: number): number {
    return this.marks.has(item) ? this.sums[this.marks.get(item)] : 0;
  }

  /** The k allowed items with the largest sums, best first. */
  top(k: number, allowed: Uint8Array): ItemList {
    const { best, touched, sums, count } = this;
    best.start(Math.min(k, count));
    for (let i = 0; i < count; i++) if (allowed[touched[i]] === 1) best.offer(touched[i], sums[i]);
    return best.take();
  }

  private enlarge(): void {
    const touched = new Uint32Array(2 * this.touched.length);
    touched.set(this.touched);
    this.touched = touched;
    const sums = new Float32Array(2 * this.sums.length);
    sums.set(this.sums);
    this.sums = sums;
  }
}
