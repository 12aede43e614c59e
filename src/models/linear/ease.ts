import { invertSymmetric } from "../../kernel/inverse.ts";
import { sparseGram } from "../../kernel/sparse-gram.ts";
import { defineModel } from "../../model/define-model.ts";
import { boolean, float, log } from "../../model/options.ts";
import { RecoError } from "../../util/errors.ts";
import { interactionMatrix } from "../interaction-matrix.ts";

/** At this number, the single-precision matrix of item pairs takes 1.6 GB. */
const MOST_ITEMS = 20_000;
/** Items up to which the matrix is inverted in less than half a minute. */
const FAST_ITEMS = 6000;

/**
 * One linear map from a history to scores, in closed form: each item is predicted from all others by ridge regression.
 *
 * `scores = x B` for a history x, with `B(i, j) = -P(i, j) / P(j, j)` off the diagonal, 0 on it, and
 * `P = (X' X + regularization I)^-1` for the interactions X (users x items). B minimizes `|X - X B|^2 + regularization |B|^2`.
 *
 * One of the most accurate models for catalogs of up to several thousand items, with a single hyperparameter. The fit takes time cubic and memory
 * quadratic in the number of items, whatever the number of users. The limit is 20,000 items; use `sparse-ease` beyond that.
 *
 * Source: Steck, "Embarrassingly shallow autoencoders for sparse data", 2019.
 *
 * @example
 * ```ts
 * import { Dataset } from "recobase";
 * import { ease } from "recobase/models";
 *
 * const data = Dataset.fromRows([
 *   { user: "ann", item: "alien" }, { user: "ann", item: "aliens" },
 *   { user: "bob", item: "alien" }, { user: "bob", item: "aliens" }, { user: "cat", item: "heat" },
 * ]);
 * const model = await ease({ regularization: 1 }).fit(data);
 * model.recommend({ history: ["alien"] }, { k: 1 })[0].item; // "aliens"
 * ```
 */
export const ease = defineModel({
  name: "ease",
  family: "linear",
  options: {
    /** L2 penalty. Raise it for small or noisy data. */
    regularization: float(500, { min: 1e-6, search: log(10, 3000) }),
    /** Whether to use interaction weights (ratings, play counts); otherwise all count 1. */
    useWeights: boolean(false),
  },
  suits({ catalog, itemPairs, weighted, meanSquare }) {
    if (catalog > FAST_ITEMS) return undefined;
    const cost = { seconds: catalog ** 3 / 2e10 + itemPairs / 1e9, bytes: 4 * catalog ** 2 };
    const plain = { options: { regularization: 500, useWeights: false }, ...cost };
    // Penalties grow with the squares of the weights, so that they mean the same with weights and without.
    return weighted ? [{ options: { regularization: 500 * meanSquare, useWeights: true }, ...cost }, plain] : plain;
  },
  async fit(data, { regularization, useWeights }, { backend, histories, arena, step }) {
    const items = data.items.size;
    if (items > MOST_ITEMS)
      throw new RecoError(
        "bad-input",
        `ease would need ${((items * items * 4) / 1e9).toFixed(1)} GB for the pairs of ${items.toLocaleString("en")} items; its limit is ${MOST_ITEMS.toLocaleString("en")} items. Use sparse-ease, or remove rare items (k-core).`,
      );
    const weights = arena.float32(items * items);
    sparseGram(backend, { matrix: interactionMatrix(histories.bag(), useWeights), out: weights });
    await step({ task: "inner products of items", done: 1, total: 2 });
    for (let item = 0; item < items; item++) weights[item * (items + 1)] += regularization;
    invertSymmetric(backend, { matrix: weights, size: items });
    const scale = Float64Array.from({ length: items }, (_, item) => -1 / weights[item * (items + 1)]);
    for (let from = 0, at = 0; from < items; from++) {
      for (let to = 0; to < items; to++) weights[at++] *= scale[to];
      weights[from * (items + 1)] = 0;
    }
    return { items, weights };
  },
  itemToItem({ items, weights }) {
    return { kind: "dense", items, values: weights };
  },
  profile(_state, histories, { useWeights }) {
    return interactionMatrix(histories.bag(), useWeights);
  },
});
