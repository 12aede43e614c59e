import type { SourceRequest } from "../source.ts";

/** Why a source has no candidates for a request with nothing to be based on; undefined if there is something. */
export function nothingToGoBy({ anchors, history }: Pick<SourceRequest, "anchors" | "history">): string | undefined {
  if (anchors.length > 0 || history.items.length > 0) return undefined;
  return "There is nothing to go by: no items in the request, and no history of the user.";
}

/** How many of the newest history items to use, and the factor by which each older one weighs less. */
const NEWEST = 10;
const PER_PLACE = 0.7;

/**
 * The items a request is based on, for item-to-item sources: its anchors with equal weights, or else the newest history items, weighted by
 * the square root of their weight (five times the weight isn't five times the interest) and by recency.
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
