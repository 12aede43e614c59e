import { type Csr, transposeCsr } from "../../data/csr.ts";
import { sparseProductTopK } from "../../kernel/sparse-top-k.ts";
import { supportRidge } from "../../kernel/support-ridge.ts";
import { defineModel } from "../../model/define-model.ts";
import { boolean, float, int, log } from "../../model/options.ts";
import { RecoError } from "../../util/errors.ts";
import { interactionMatrix } from "../interaction-matrix.ts";

/** Maximum number of item pairs with users in common that fit into memory along with everything else. */
const MOST_PAIRS = 250_000_000;
/** Pairs that are sure to fit; and items up to which `ease` is more accurate and fast enough. */
const FAST_PAIRS = 200_000_000;
const FEWEST_ITEMS = 6000;

/**
 * EASE for catalogs whose item-to-item matrix would not fit in memory: each item is predicted from the `neighbors` items most similar to it instead
 * of from all items, which gives a sparse matrix.
 *
 * `score(j) = sum over i of the history of B(i, j)`, where column j of B is the ridge regression of item j on the items S most similar to
 * it by cosine, `B(S, j) = (G(S, S) + regularization I)^-1 G(S, j)`, for the numbers G of users that items share. With all items as
 * neighbors, it equals EASE except for pairs that share no user.
 *
 * The fit takes time proportional to items x neighbors^3, and memory for all pairs of items that share a user.
 *
 * Source: Steck, "Markov random fields for collaborative filtering", 2019; Ning and Karypis, "SLIM: sparse linear methods for top-N
 * recommender systems" (its variant with feature selection), 2011.
 */
export const sparseEase = defineModel({
  name: "sparse-ease",
  family: "linear",
  options: {
    /** Number of items that an item is predicted from. */
    neighbors: int(100, { min: 1, max: 2000, search: log(50, 800) }),
    /** L2 penalty. Raise it for small or noisy data. */
    regularization: float(50, { min: 1e-3, search: log(1, 1000) }),
    /** Whether to use interaction weights (ratings, play counts); otherwise all count 1. */
    useWeights: boolean(false),
  },
  suits({ catalog, items, itemPairs, weighted, meanSquare }) {
    if (catalog <= FEWEST_ITEMS || itemPairs > FAST_PAIRS) return undefined;
    const cost = { seconds: itemPairs / 5e7 + items / 5000, bytes: 8 * Math.min(100 * items, itemPairs) + 4 * (catalog + 1) };
    const plain = { options: { neighbors: 100, regularization: 80, useWeights: false }, ...cost };
    // Penalties grow with the squares of the weights, so that they mean the same with weights and without.
    return weighted ? [{ options: { neighbors: 100, regularization: 80 * meanSquare, useWeights: true }, ...cost }, plain] : plain;
  },
  async fit(_data, { neighbors, regularization, useWeights }, { backend, histories, step }) {
    const byUser = interactionMatrix(histories.bag(), useWeights);
    const byItem = transposeCsr(byUser);
    const items = byItem.rows;
    const norms = rowNorms(byItem);
    const cosine = { left: byItem, right: byUser, rowNorms: norms, columnNorms: norms, shrink: 1 };
    const supports = sparseProductTopK(backend, { ...cosine, k: neighbors, keepDiagonal: false });
    await step({ task: "finding neighbors", done: 1, total: 3 });
    checkPairs(byUser, items);
    const gram = sparseProductTopK(backend, { left: byItem, right: byUser, k: items });
    await step({ task: "counting shared users", done: 2, total: 3 });
    const values = supportRidge(backend, { gram, supports, regularization });
    const { offsets, indices, values: weights } = transposeCsr({ ...supports, values });
    return { items, offsets, indices, values: weights };
  },
  itemToItem({ items, offsets, indices, values }) {
    return { kind: "sparse", rows: items, columns: items, offsets, indices, values };
  },
  profile(_state, histories, { useWeights }) {
    return interactionMatrix(histories.bag(), useWeights);
  },
});

function rowNorms({ rows, offsets, values }: Csr): Float32Array {
  const norms = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let e = offsets[row]; e < offsets[row + 1]; e++) sum += values[e] ** 2;
    norms[row] = Math.sqrt(sum);
  }
  return norms;
}

function checkPairs({ rows, offsets }: Csr, items: number): void {
  let pairs = 0;
  for (let user = 0; user < rows; user++) pairs += (offsets[user + 1] - offsets[user]) ** 2;
  if (Math.min(pairs, items * items) > MOST_PAIRS)
    throw new RecoError(
      "bad-input",
      "sparse-ease doesn't have enough memory for the pairs of items that share users. Use rp3beta or item-knn, or remove rare items and users (k-core).",
    );
}
