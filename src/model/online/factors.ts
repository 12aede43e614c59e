import type { Backend } from "../../kernel/backend.ts";
import type { ItemFactors } from "../definition.ts";
import type { Model } from "../model.ts";
import type { OnlineHistory, OnlineModel } from "../online.ts";
import { ownExplain } from "./explain.ts";
import { historyRow } from "./history-row.ts";
import { InnerProductIndex } from "./inner-product-index.ts";

/** Answers by inner products: folds the history into a vector, and finds the item vectors that go best with it. */
export function onlineFactors(model: Model, backend: Backend, itemFactors: ItemFactors): OnlineModel {
  const { definition, state, options } = model;
  const itemCount = model.items.size;
  const { dimensions, factors, bias } = itemFactors;
  const query = new Float32Array(dimensions);
  const index = new InnerProductIndex(backend, itemFactors, itemCount);
  let last: OnlineHistory | undefined;
  let empty = true;

  function embed(history: OnlineHistory): void {
    if (history === last) return;
    last = history;
    const { row } = historyRow(history, itemCount);
    empty = row.indices.length === 0;
    if (empty) query.fill(0);
    else definition.embed?.(state, row, query, options, { backend });
  }

  return {
    model,
    prepared: index.build(),
    top(history, { k, allowed }) {
      embed(history);
      return index.top(query, { k: empty ? 0 : k, allowed });
    },
    score(history, items, out) {
      embed(history);
      for (let i = 0; i < items.length; i++) {
        const item = items[i];
        let sum = item < itemCount ? (bias?.[item] ?? 0) : Number.NaN;
        const from = item * dimensions;
        if (item < itemCount) for (let d = 0; d < dimensions; d++) sum += query[d] * factors[from + d];
        out[i] = sum;
      }
    },
    explain: ownExplain(model, backend),
  };
}
