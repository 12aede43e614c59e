import { transposeCsr } from "../../data/csr.ts";
import { sparseProductTopK } from "../../kernel/sparse-top-k.ts";
import { defineModel } from "../../model/define-model.ts";
import { boolean, float, int, linear, log } from "../../model/options.ts";
import { interactionMatrix } from "../interaction-matrix.ts";

/**
 * Three random steps in the graph of users and items, from an item in the history to a user to an item, with a penalty on popular items.
 *
 * `score(j) = sum over i of the history of s(i, j)`, over the `neighbors` largest s(i, j) of each i, with
 * `s(i, j) = sum over users u of p(u|i)^alpha p(j|u)^alpha / popularity(j)^beta`, where p(u|i) is the share of u in the interactions of i
 * and p(j|u) the share of j in those of u. With `alpha` 1 and `beta` 0 this is the probability of arriving at j.
 *
 * Costs as much as `item-knn`, and is one of the strongest models for implicit feedback. `beta` trades popular items against rare ones.
 *
 * Source: Paudel, Christoffel, Newell and Bernstein, "Updatable, accurate, diverse, and scalable recommendations for interactive
 * applications", 2017; `alpha` from Cooper, Lee, Radzik and Siantos, "Random walks in recommender systems", 2014.
 */
export const rp3beta = defineModel({
  name: "rp3beta",
  family: "graph",
  options: {
    /** Number of strongest neighbors kept per item. */
    neighbors: int(500, { min: 1, max: 100_000, search: log(50, 2000) }),
    /** Power of each step's probability. Values above 1 favor likely steps. */
    alpha: float(0.6, { min: 0, max: 4, search: linear(0.4, 1.6) }),
    /** Penalty on popular items: 0 for none, 1 in proportion to their interactions. */
    beta: float(0.4, { min: 0, max: 4, search: linear(0, 1) }),
    /** Whether to use interaction weights (ratings, play counts); otherwise all count 1. */
    useWeights: boolean(false),
  },
  suits: ({ items, catalog, itemPairs }) => ({
    options: { neighbors: 500 },
    seconds: itemPairs / 1e8,
    bytes: 8 * Math.min(500 * items, itemPairs) + 4 * (catalog + 1),
  }),
  fit(_data, { neighbors, alpha, beta, useWeights }, { backend, histories }) {
    const byUser = interactionMatrix(histories.bag(), useWeights);
    const byItem = transposeCsr(byUser);
    const userSums = rowSums(byUser);
    const itemSums = rowSums(byItem);
    const power = (values: Float32Array) => (alpha === 1 ? values : values.map((value) => Math.max(0, value) ** alpha));
    const right = { ...byUser, values: power(byUser.values) };
    // The sum per user belongs to the second step. It is divided out in the first, so that the second stays all ones if the data is.
    const left = { ...byItem, values: power(byItem.values).map((value, e) => value / userSums[byItem.indices[e]] ** alpha) };
    const norms = { rowNorms: itemSums.map((sum) => sum ** alpha), columnNorms: itemSums.map((sum) => sum ** beta) };
    const { offsets, indices, values } = sparseProductTopK(backend, { left, right, k: neighbors, keepDiagonal: false, ...norms });
    return { items: byItem.rows, offsets, indices, values };
  },
  itemToItem({ items, offsets, indices, values }) {
    return { kind: "sparse", rows: items, columns: items, offsets, indices, values };
  },
  profile(_state, histories, { useWeights }) {
    return interactionMatrix(histories.bag(), useWeights);
  },
});

/** The sum of each row; 1 for an empty one, so that you can divide by it. */
function rowSums({ rows, offsets, values }: { rows: number; offsets: Uint32Array; values: Float32Array }): Float32Array {
  const sums = new Float32Array(rows);
  for (let row = 0; row < rows; row++) for (let e = offsets[row]; e < offsets[row + 1]; e++) sums[row] += values[e];
  return sums.map((sum) => (sum > 0 ? sum : 1));
}
