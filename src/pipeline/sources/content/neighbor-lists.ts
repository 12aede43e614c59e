import type { ItemList } from "../../../data/item-list.ts";

/** Neighbors stored per item. */
const LENGTH = 24;

/** Cache of the most similar items of each item. */
export class NeighborLists {
  private items = new Uint32Array(0);
  private scores = new Float32Array(0);
  /** Length of a list plus 1; 0 if not computed. */
  private known = new Uint8Array(0);

  static readonly length = LENGTH;

  has(item: number): boolean {
    return item < this.known.length && this.known[item] > 0;
  }

  /** Where an item's list starts in `itemAt` and `scoreAt`; it ends before `end`. */
  first(item: number): number {
    return item * LENGTH;
  }

  end(item: number): number {
    return item * LENGTH + Math.max(0, (this.known[item] ?? 0) - 1);
  }

  itemAt(at: number): number {
    return this.items[at];
  }

  scoreAt(at: number): number {
    return this.scores[at];
  }

  /** Stores a list, and adds the item to its neighbors' lists, which may predate the item. */
  keep(item: number, { items, scores }: ItemList): void {
    this.grow(item + 1);
    this.items.set(items.subarray(0, LENGTH), item * LENGTH);
    this.scores.set(scores.subarray(0, LENGTH), item * LENGTH);
    this.known[item] = Math.min(LENGTH, items.length) + 1;
    for (let i = 0; i < Math.min(LENGTH, items.length); i++) this.insert(items[i], item, scores[i]);
  }

  forget(item: number): void {
    if (item < this.known.length) this.known[item] = 0;
  }

  private insert(into: number, item: number, score: number): void {
    if (!this.has(into)) return;
    const first = into * LENGTH;
    let end = this.end(into);
    for (let at = first; at < end; at++) {
      if (this.items[at] !== item) continue;
      // Remove its entry with the old score.
      this.items.copyWithin(at, at + 1, end);
      this.scores.copyWithin(at, at + 1, end);
      end--;
    }
    let at = end;
    while (at > first && this.scores[at - 1] < score) at--;
    if (at < first + LENGTH) {
      const last = Math.min(end, first + LENGTH - 1);
      this.items.copyWithin(at + 1, at, last);
      this.scores.copyWithin(at + 1, at, last);
      this.items[at] = item;
      this.scores[at] = score;
      end = last + 1;
    }
    this.known[into] = end - first + 1;
  }

  private grow(size: number): void {
    if (size <= this.known.length) return;
    const room = Math.max(size, 2 * this.known.length, 64);
    const items = new Uint32Array(room * LENGTH);
    items.set(this.items);
    this.items = items;
    const scores = new Float32Array(room * LENGTH);
    scores.set(this.scores);
    this.scores = scores;
    const known = new Uint8Array(room);
    known.set(this.known);
    this.known = known;
  }
}
