import type { ItemList } from "../data/item-list.ts";
import type { Backend } from "../kernel/backend.ts";
import type { Model } from "./model.ts";
import { onlineFactors } from "./online/factors.ts";
import { onlineMatrix } from "./online/matrix.ts";
import { onlineNeighbors } from "./online/neighbors.ts";
import { onlineScores } from "./online/scores.ts";

/** What somebody did, as a model sees it: items by index, none twice, with weights. Arrays are not changed once they were handed over. */
export interface OnlineHistory {
  readonly items: Uint32Array;
  readonly weights: Float32Array;
}

/** What may be returned. */
export interface OnlineSelection {
  readonly k: number;
  /** 1 for items that may be returned. Items beyond its end may not. */
  readonly allowed: Uint8Array;
}

/**
 * A fitted model answering one request at a time, in the time that a request has: no work or memory in proportion to the catalogue where
 * the model can do without. Items are the model's indices.
 */
export interface OnlineModel {
  readonly model: Model;
  /**
   * The k best items of those allowed; fewer where the model has nothing to say about more. Items of the history come back unless
   * `allowed` leaves them out.
   */
  top(history: OnlineHistory, selection: OnlineSelection): ItemList;
  /** Writes the scores of these items; NaN for indices that the model does not know. */
  score(history: OnlineHistory, items: Uint32Array, out: Float32Array): void;
  /** What each item of the history adds to the score of `item`, in the order of the history. There only for models that can tell. */
  readonly explain: ((history: OnlineHistory, item: number) => Float32Array) | undefined;
  /** Resolves when it is as fast as it gets: an index over many item vectors is built in the background, in short slices. */
  readonly prepared: Promise<void>;
}

/**
 * Prepares a model for single requests.
 *
 * @param backend where to compute, with one thread as a rule: a request is too short to share
 * @example
 * ```ts
 * import { createBackend, Dataset, onlineModel } from "recobase";
 * import { itemKnn } from "recobase/models";
 *
 * const data = Dataset.fromRows([
 *   { user: "ann", item: "alien" }, { user: "ann", item: "aliens" },
 *   { user: "bob", item: "alien" }, { user: "bob", item: "aliens" }, { user: "cat", item: "heat" },
 * ]);
 * const online = onlineModel(await itemKnn().fit(data), createBackend({ threads: 1 }));
 * const alien = { items: Uint32Array.of(0), weights: Float32Array.of(1) };
 * online.top(alien, { k: 1, allowed: Uint8Array.of(0, 1, 1) }).items; // Uint32Array.of(1)
 * ```
 */
export function onlineModel(model: Model, backend: Backend): OnlineModel {
  const { definition, state, options } = model;
  const matrix = definition.itemToItem?.(state, options);
  if (matrix?.kind === "sparse") return onlineNeighbors(model, backend, matrix);
  if (matrix?.kind === "dense") return onlineMatrix(model, backend, matrix.values);
  const factors = definition.itemFactors?.(state, options);
  return factors === undefined ? onlineScores(model, backend) : onlineFactors(model, backend, factors);
}
