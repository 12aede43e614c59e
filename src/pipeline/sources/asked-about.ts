import type { SourceRequest } from "../source.ts";

/** Items of a history that are looked at, the newest, and what each older one takes from the weight of one. */
const NEWEST = 10;
const PER_PLACE = 0.7;

/**
 * What a request is about, for sources that know what goes with single items: its anchors, all alike; or else the newest items of the
 * history, by the root of their weights (five times the weight is not five times the taste) and by their places.
 */
export class AskedAbout {
  items: Uint32Array = new Uint32Array(NEWEST);
  weights: Float32Array = new Float32Array(NEWEST);
  count = 0;

  read({ anchors, history }: Pick<SourceRequest, "anchors" | "history">): void {
    const { length } = anchors.length > 0 ? anchors : history.items;
    this.count = anchors.length > 0 ? length : Math.min(NEWEST, length);
    if (this.count > this.items.length) {
      this.items = new Uint32Array(this.count);
      this.weights = new Float32Array(this.count);
    }
    for (let place = 0, faded = 1; place < this.count; place++, faded *= PER_PLACE) {
      this.items[place] = anchors.length > 0 ? anchors[place] : history.items[place];
      this.weights[place] = anchors.length > 0 ? 1 : Math.sqrt(history.weights[place]) * faded;
    }
  }
}
