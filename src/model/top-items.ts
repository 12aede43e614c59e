/** The best items of a stream of scores: a heap of at most k, worst on top. Ties go to the lower item. Reused between requests. */
export class TopItems {
  private items = new Uint32Array(0);
  private scores = new Float32Array(0);
  private k = 0;
  private size = 0;

  /** Empties the heap and makes room for k items. */
  start(k: number): void {
    if (this.items.length < k) {
      this.items = new Uint32Array(Math.max(k, 2 * this.items.length));
      this.scores = new Float32Array(this.items.length);
    }
    this.k = k;
    this.size = 0;
  }

  get length(): number {
    return this.size;
  }

  /** Ignores NaN. */
  offer(item: number, score: number): void {
    if (this.size === this.k) {
      if (this.k === 0 || !(score > this.scores[0] || (score === this.scores[0] && item < this.items[0]))) return;
      this.sink(0, item, score);
    } else if (!Number.isNaN(score)) this.rise(this.size++, item, score);
  }

  /** Empties the heap into new arrays, best first. */
  take(): { items: Uint32Array; scores: Float32Array } {
    const items = new Uint32Array(this.size);
    const scores = new Float32Array(this.size);
    while (this.size > 0) {
      const last = --this.size;
      items[last] = this.items[0];
      scores[last] = this.scores[0];
      if (last > 0) this.sink(0, this.items[last], this.scores[last]);
    }
    return { items, scores };
  }

  private rise(at: number, item: number, score: number): void {
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.worse(score, item, parent)) break;
      this.items[at] = this.items[parent];
      this.scores[at] = this.scores[parent];
      at = parent;
    }
    this.items[at] = item;
    this.scores[at] = score;
  }

  private sink(at: number, item: number, score: number): void {
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.worse(this.scores[child + 1], this.items[child + 1], child)) child++;
      if (this.worse(score, item, child)) break;
      this.items[at] = this.items[child];
      this.scores[at] = this.scores[child];
      at = child;
    }
    this.items[at] = item;
    this.scores[at] = score;
  }

  /** Whether a pair is worse than the one at this place. */
  private worse(score: number, item: number, place: number): boolean {
    return score < this.scores[place] || (score === this.scores[place] && item > this.items[place]);
  }
}
