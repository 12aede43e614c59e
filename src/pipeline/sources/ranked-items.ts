import type { ItemList } from "../../data/item-list.ts";
import { TopItems } from "../../model/top-items.ts";

/**
 * All items in order of score, kept exact as scores change. Call `touch` after changing a score, which is cheap. The next read moves
 * touched items to their place by bisection, or sorts everything if that is less work. Equal scores are ordered by item index.
 */
export class RankedItems {
  /** Current scores by item index. Entries from `size` on are spare room. */
  scores = new Float64Array(0);
  /** The scores behind the current order. */
  private placed = new Float64Array(0);
  private order = new Uint32Array(0);
  private count = 0;
  private readonly touched = new Uint32Array(4096);
  private touches = 0;
  private stale = false;

  get size(): number {
    return this.count;
  }

  /** Makes room for items below `size`. New ones get the score `score`. */
  grow(size: number, score = 0): void {
    if (size <= this.count) return;
    if (size > this.scores.length) {
      const room = Math.max(size, 2 * this.scores.length, 64);
      this.scores = lengthened(this.scores, room);
      this.placed = lengthened(this.placed, room);
      const order = new Uint32Array(room);
      order.set(this.order);
      this.order = order;
    }
    for (let item = this.count; item < size; item++) {
      this.order[item] = item;
      this.placed[item] = Number.NEGATIVE_INFINITY;
      this.scores[item] = score;
      if (score !== Number.NEGATIVE_INFINITY) this.touch(item);
    }
    this.count = size;
  }

  /** Marks an item's score as changed. */
  touch(item: number): void {
    if (this.touches < this.touched.length) this.touched[this.touches++] = item;
    else this.stale = true;
  }

  /** Marks all scores as changed. */
  touchAll(): void {
    this.stale = true;
  }

  /**
   * The first k allowed items with a score above `above` and at most `most`, best first. Scans in order and stops at the k-th, so it takes
   * time proportional to k divided by the share of allowed items.
   */
  top(k: number, allowed: Uint8Array, above: number, most = Number.POSITIVE_INFINITY): ItemList {
    this.settle();
    const { order, scores, count } = this;
    const items = new Uint32Array(Math.min(k, count));
    let length = 0;
    for (let at = 0; at < count && length < items.length; at++) {
      const item = order[at];
      if (allowed[item] !== 1) continue;
      if (!(scores[item] > above)) break;
      if (scores[item] > most) continue;
      items[length++] = item;
    }
    const found = length === items.length ? items : items.slice(0, length);
    const its = new Float32Array(length);
    for (let i = 0; i < length; i++) its[i] = scores[found[i]];
    return { items: found, scores: its };
  }

  /** The same, limited to a few items. */
  best(of: Uint32Array, k: number, allowed: Uint8Array, above: number, most = Number.POSITIVE_INFINITY): ItemList {
    const { scores, count } = this;
    heap.start(Math.min(k, of.length));
    for (const item of of) {
      if (item < count && allowed[item] === 1 && scores[item] > above && scores[item] <= most) heap.offer(item, scores[item]);
    }
    return heap.take();
  }

  private settle(): void {
    if (this.stale || this.touches > 64 + this.count / 8) this.sort();
    else for (let i = 0; i < this.touches; i++) this.move(this.touched[i]);
    this.touches = 0;
    this.stale = false;
  }

  private sort(): void {
    const { scores, placed, count } = this;
    placed.set(scores.subarray(0, count));
    const order = this.order.subarray(0, count);
    for (let item = 0; item < count; item++) order[item] = item;
    order.sort((a, b) => placed[b] - placed[a] || a - b);
  }

  private move(item: number): void {
    const { order, placed } = this;
    const score = this.scores[item];
    const old = placed[item];
    if (score === old) return;
    const from = this.place(old, item);
    const after = this.place(score, item);
    if (score > old) {
      order.copyWithin(after + 1, after, from);
      order[after] = item;
    } else {
      order.copyWithin(from, from + 1, after);
      order[after - 1] = item;
    }
    placed[item] = score;
  }

  /** The number of items ordered before (score, item). */
  private place(score: number, item: number): number {
    const { order, placed } = this;
    let from = 0;
    let to = this.count;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const other = order[middle];
      if (placed[other] > score || (placed[other] === score && other < item)) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

const heap = new TopItems();

function lengthened(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length);
  longer.set(values);
  return longer;
}
