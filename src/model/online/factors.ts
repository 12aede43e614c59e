import type { Backend } from "../../kernel/backend.ts";
import type { ItemFactors } from "../definition.ts";
import type { FittedModel } from "../fitted-model.ts";
import type { Histories } from "../histories.ts";
import { onlineExplain } from "./explain.ts";
import { InnerProductIndex } from "./inner-product-index.ts";
import type { OnlineModel } from "./online-model.ts";

/** Answers by inner products: folds the history into a vector and finds the item vectors with the largest products. */
export function onlineFactors(model: FittedModel, backend: Backend, itemFactors: ItemFactors): OnlineModel {
  const { definition, state, options, itemCount } = model;
  const { dimensions, factors, bias } = itemFactors;
  const query = new Float32Array(dimensions);
  const index = new InnerProductIndex(backend, itemFactors, itemCount);
  let last: Histories | undefined;
  let empty = true;

  function embed(history: Histories): void {
    if (history === last) return;
    last = history;
    const known = history.within(itemCount);
    empty = known.item.length === 0 && !model.answersEmpty;
    if (empty) query.fill(0);
    else definition.embed?.(state, known, query, options, { backend });
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
    explain: onlineExplain(model, backend),
  };
}
