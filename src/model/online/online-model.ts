import type { ItemList } from "../../data/item-list.ts";
import type { FittedModel } from "../fitted-model.ts";
import type { Histories } from "../histories.ts";

/** What may be returned. */
export interface OnlineSelection {
  readonly k: number;
  /** 1 for items that may be returned. Items past its end may not. */
  readonly allowed: Uint8Array;
}

/**
 * A fitted model that answers one request at a time, fast: where the model allows it, without time or memory in proportion to the catalog. Items
 * are the model's indices. A history has one row. Pass the same object throughout a request: what was computed for the last history is cached.
 */
export interface OnlineModel {
  readonly model: FittedModel;
  /**
   * The k best allowed items; fewer if the model has no score for more. Includes items of the history unless `allowed` excludes them.
   */
  top(history: Histories, selection: OnlineSelection): ItemList;
  /** Writes the scores of these items; NaN for indices the model doesn't know. */
  score(history: Histories, items: Uint32Array, out: Float32Array): void;
  /**
   * What each entry of the history adds to the score of `item`, in history order. Of several entries on the same item, the last gets all of it.
   * Undefined if the model can't explain scores.
   */
  readonly explain: ((history: Histories, item: number) => Float32Array) | undefined;
  /** Resolves when answers reach full speed: an index over many item vectors is built in the background, in short slices. */
  readonly prepared: Promise<void>;
}
