import { transposeCsr } from "../../data/csr.ts";
import { sparseProductTopK } from "../../kernel/sparse-top-k.ts";
import { defineModel } from "../../model/define-model.ts";
import { boolean, choice, float, int, log } from "../../model/options.ts";
import { interactionMatrix } from "../interaction-matrix.ts";
import { columnWeights, weightedRows } from "./weighting.ts";

/** The share of the newest interactions worth a fit of its own, and how many pairs it must hold. */
const NEWEST = 1 / 8;
const FEWEST_PAIRS = 500;

/**
 * Item-based nearest neighbors: recommends the items most similar to those in the history. Items are similar if the same users interact with them.
 *
 * `score(j) = sum over i of the history of s(i, j)`, over the `neighbors` most similar j of each i, with
 * `s(i, j) = wi · wj / (|wi| |wj| + shrink)` for the (weighted) users wi, wj of the two items. BM25 uses the inner product alone.
 *
 * The fit takes time proportional to the sum of squared history lengths; answers take microseconds. Robust, easy to explain and hard to beat on
 * sparse data. `rp3beta` and `ease` are usually more accurate.
 *
 * Source: Sarwar, Karypis, Konstan and Riedl, "Item-based collaborative filtering recommendation algorithms", 2001; Deshpande and Karypis,
 * "Item-based top-N recommendation algorithms", 2004.
 *
 * @example
 * ```ts
 * import { Dataset } from "recobase";
 * import { itemKnn } from "recobase/models";
 *
 * const data = Dataset.fromRows([
 *   { user: "ann", item: "alien" }, { user: "ann", item: "aliens" },
 *   { user: "bob", item: "alien" }, { user: "bob", item: "aliens" }, { user: "cat", item: "heat" },
 * ]);
 * const model = await itemKnn({ similarity: "cosine", shrink: 0 }).fit(data);
 * model.similar?.("alien"); // [{ item: "aliens", score: 1 }]
 * ```
 */
export const itemKnn = defineModel({
  name: "item-knn",
  family: "knn",
  options: {
    /** Number of most similar items kept per item. */
    neighbors: int(200, { min: 1, max: 100_000, search: log(10, 1000) }),
    /** Similarity of items: cosine that emphasizes rare users (TF-IDF), plain cosine, or the inner product of BM25 weights. */
    similarity: choice(["tf-idf", "cosine", "bm25"]),
    /** Lowers the similarity of items with few interactions, which may be due to chance: 0 to 10 for small data, 100 and more for sparse data. For cosine and TF-IDF. */
    shrink: float(100, { min: 0, search: log(0.1, 1000) }),
    /** Whether to use interaction weights (ratings, play counts); otherwise all count 1. */
    useWeights: boolean(false),
  },
  suits({ pairs, items, catalog, itemPairs }) {
    const on = (share: number) => ({
      options: { neighbors: 200, shrink: (pairs * share) / items < 50 ? 100 : 10 },
      seconds: (itemPairs * share) / 1e8,
      bytes: 8 * Math.min(200 * items, itemPairs) + 4 * (catalog + 1),
    });
    // Where items come and go, the newest interactions alone say best what goes together now.
    return pairs * NEWEST < FEWEST_PAIRS ? on(1) : [on(1), { ...on(NEWEST), newest: NEWEST }];
  },
  fit(_data, { neighbors, similarity, shrink, useWeights }, { backend, histories }) {
    const byUser = interactionMatrix(histories.bag(), useWeights);
    const byItem = transposeCsr(byUser);
    const { left, right, lengths } = weightedRows(byItem, similarity, columnWeights(byItem, similarity));
    const norms = similarity === "bm25" ? {} : { rowNorms: lengths, columnNorms: lengths, shrink };
    const users = right === byItem ? byUser : transposeCsr(right);
    const { offsets, indices, values } = sparseProductTopK(backend, { left, right: users, k: neighbors, keepDiagonal: false, ...norms });
    return { items: byItem.rows, offsets, indices, values };
  },
  itemToItem({ items, offsets, indices, values }) {
    return { kind: "sparse", rows: items, columns: items, offsets, indices, values };
  },
  profile(_state, histories, { useWeights }) {
    return interactionMatrix(histories.bag(), useWeights);
  },
});
