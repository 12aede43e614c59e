import type { Csr } from "../data/csr.ts";
import type { Model } from "./model.ts";
import { NO_ITEM } from "./rank.ts";

/** What somebody did, as a model sees it: items by index, none twice, with weights. */
export interface OnlineHistory {
  readonly items: Uint32Array;
  readonly weights: Float32Array;
}

/** A fitted model answering one request at a time, in the time that a request has. Items are the model's indices. */
export interface OnlineModel {
  readonly model: Model;
  /**
   * The k best items of those allowed, best first; fewer where the model has nothing to say about more. Items of the history come back
   * unless `allowed` leaves them out.
   *
   * @param allowed 1 for items that may be returned, at least one entry an item of the model
   */
  top(
    history: OnlineHistory,
    selection: { readonly k: number; readonly allowed: Uint8Array },
  ): { items: Uint32Array; scores: Float32Array };
  /** Writes the scores of these items; NaN for indices that the model does not know. */
  score(history: OnlineHistory, items: Uint32Array, out: Float32Array): void;
  /** What each item of the history adds to the score of `item`, in the order of the history. There only for models that can tell. */
  readonly explain: ((history: OnlineHistory, item: number) => Float32Array) | undefined;
}

/** Prepares a model for single requests. */
export function onlineModel(model: Model): OnlineModel {
  const items = model.items.size;
  return {
    model,
    top(history, { k, allowed }) {
      const candidates = Uint32Array.from({ length: items }, (_, item) => item).filter((item) => allowed[item] === 1);
      const lists = model.rank(rowOf(history, items), { k: Math.min(k, items), candidates });
      const length = lists.items.findIndex((item, at) => item === NO_ITEM || lists.scores[at] === 0);
      const end = length < 0 ? lists.items.length : length;
      return { items: lists.items.slice(0, end), scores: lists.scores.slice(0, end) };
    },
    score(history, wanted, out) {
      const scores = new Float32Array(items);
      model.scores(rowOf(history, items), scores);
      wanted.forEach((item, i) => {
        out[i] = item < items ? scores[item] : Number.NaN;
      });
    },
    explain: undefined,
  };
}

function rowOf(history: OnlineHistory, columns: number): Csr {
  const known = [...history.items.keys()].filter((i) => history.items[i] < columns).sort((a, b) => history.items[a] - history.items[b]);
  return {
    rows: 1,
    columns,
    offsets: Uint32Array.of(0, known.length),
    indices: Uint32Array.from(known, (i) => history.items[i]),
    values: Float32Array.from(known, (i) => history.weights[i]),
  };
}
