import { NO_ITEM } from "../model/ranked-lists.ts";
import { Random } from "../util/random.ts";
import type { Targets } from "./targets.ts";

/**
 * Lists that contain only a user's held-out items and a number of random other items. Such numbers are too high and can put models in the wrong
 * order (Krichene and Rendle 2020), so use them to compare with papers that did the same, not to choose a model. The same seed gives the same
 * candidates to every model.
 */
export class SampledCandidates {
  private readonly targets: Targets;
  private readonly negatives: number;
  private readonly random: Random;
  /** All items, in an order that drawing keeps shuffling. */
  private readonly deck: Uint32Array;
  /** The row (plus 1) that an item must not be drawn for. */
  private readonly barred: Uint32Array;

  constructor(targets: Targets, negatives: number, seed: number) {
    this.targets = targets;
    this.negatives = negatives;
    this.random = new Random(seed);
    this.deck = Uint32Array.from(new Uint32Array(targets.relevant.columns).keys());
    this.barred = new Uint32Array(targets.relevant.columns);
  }

  /** The best k candidates of a row, best first, ties by index; written from `out[at]` on, padded. Call it for each row once, in order. */
  rank(row: number, scores: Float32Array, k: number, out: Uint32Array, at: number): void {
    const candidates = this.draw(row);
    candidates.sort((a, b) => scores[b] - scores[a] || a - b);
    for (let place = 0; place < k; place++) out[at + place] = place < candidates.length ? candidates[place] : NO_ITEM;
  }

  private draw(row: number): Uint32Array {
    const { relevant, history, users } = this.targets;
    const wanted = relevant.indices.subarray(relevant.offsets[row], relevant.offsets[row + 1]);
    for (const item of wanted) this.barred[item] = row + 1;
    for (let i = history.offsets[users[row]]; i < history.offsets[users[row] + 1]; i++) this.barred[history.indices[i]] = row + 1;
    const candidates = new Uint32Array(wanted.length + this.negatives);
    candidates.set(wanted);
    let count = wanted.length;
    for (let next = 0; next < this.deck.length && count < candidates.length; next++) {
      const other = next + this.random.integer(this.deck.length - next);
      const item = this.deck[other];
      this.deck[other] = this.deck[next];
      this.deck[next] = item;
      if (this.barred[item] !== row + 1) candidates[count++] = item;
    }
    return candidates.subarray(0, count);
  }
}
