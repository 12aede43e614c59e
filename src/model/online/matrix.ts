import type { Csr } from "../../data/csr.ts";
import type { Backend } from "../../kernel/backend.ts";
import { topKDense } from "../../kernel/top-k.ts";
import type { FittedModel } from "../fitted-model.ts";
import type { Histories } from "../histories.ts";
import { NO_ITEM } from "../ranked-lists.ts";
import { onlineExplain } from "./explain.ts";
import type { OnlineModel } from "./online-model.ts";

/** Answers from a dense item-to-item matrix: adds up the rows of the history. Practical up to some ten thousand items. */
export function onlineMatrix(model: FittedModel, backend: Backend, values: Float32Array): OnlineModel {
  const { definition, state, options, itemCount } = model;
  const matrix = backend.resident(values);
  const permitted = new Uint8Array(itemCount);

  function profileOf(history: Histories): Csr {
    const known = history.within(itemCount);
    return definition.profile?.(state, known, options) ?? known.bag();
  }

  return {
    model,
    prepared: Promise.resolve(),
    top(history, { k, allowed }) {
      const profile = profileOf(history);
      if (profile.indices.length === 0) return { items: new Uint32Array(0), scores: new Float32Array(0) };
      permitted.fill(0);
      permitted.set(allowed.subarray(0, itemCount));
      const { items, scores } = topKDense(backend, {
        histories: profile,
        matrix,
        items: itemCount,
        k: Math.min(k, itemCount),
        allowed: permitted,
      });
      const end = items.indexOf(NO_ITEM);
      return end < 0 ? { items, scores } : { items: items.slice(0, end), scores: scores.slice(0, end) };
    },
    score(history, items, out) {
      const { indices, values: weights } = profileOf(history);
      for (let i = 0; i < items.length; i++) {
        const item = items[i];
        let sum = item >= itemCount ? Number.NaN : 0;
        if (item < itemCount) for (let e = 0; e < indices.length; e++) sum += weights[e] * matrix[indices[e] * itemCount + item];
        out[i] = sum;
      }
    },
    explain: onlineExplain(model, backend),
  };
}
