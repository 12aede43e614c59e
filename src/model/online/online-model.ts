import type { ItemList } from "../../data/item-list.ts";
import type { FittedModel } from "../fitted-model.ts";
import type { Histories } from "../histories.ts";

/** What may be returned. */
export interface OnlineSelection {
  readonly k: number;
  /** 1 for items that may be returned. Items beyond its end may not. */
  readonly allowed: Uint8Array;
}

/**
 * A fitted model answering one request at a time, in the time that a request has: no work or memory in proportion to the catalog where
 * the model can do without. Items are the model's indices. A history is one row, and the same object for the same request: what was made of
 * the last one is remembered.
 */
export interface OnlineModel {
  readonly model: FittedModel;
  /**
   * The k best items of those allowed; fewer where the model has nothing to say about more. Items of the history come back unless
   * `allowed` leaves them out.
   */
  top(history: Histories, selection: OnlineSelection): ItemList;
  /** Writes the scores of these items; NaN for indices that the model does not know. */
  score(history: Histories, items: Uint32Array, out: Float32Array): void;
  /**
   * What each entry of the history adds to the score of `item`, in the order of the history; of several entries on one item, the last has it
   * all. There only for models that can tell.
   */
  readonly explain: ((history: Histories, item: number) => Float32Array) | undefined;
  /** Resolves when it is as fast as it gets: an index over many item vectors is built in the background, in short slices. */
  readonly prepared: Promise<void>;
}
