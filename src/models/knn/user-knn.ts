import { type Csr, csrValue, transposeCsr } from "../../data/csr.ts";
import type { Backend } from "../../kernel/backend.ts";
import { sparseScores } from "../../kernel/sparse-scores.ts";
import { sparseProductTopK } from "../../kernel/sparse-top-k.ts";
import { defineModel } from "../../model/define-model.ts";
import { boolean, choice, float, int, log } from "../../model/options.ts";
import { type InteractionState, interactionMatrix, keptInteractions } from "../interaction-matrix.ts";
import { type ColumnWeights, columnWeights, type Weighting, weightedRows } from "./weighting.ts";

/**
 * User-based nearest neighbors: recommends what the users with the most similar histories interacted with.
 *
 * `score(j) = sum over the neighbors u with item j of s(history, u)`, with `s = w · wu / (|w| |wu| + shrink)` for the (weighted) items of
 * the history and of a training user. BM25 uses the inner product alone.
 *
 * There is nothing to fit: the model stores the interactions themselves, so it accepts new data without a refit. An answer looks at every user
 * who shares an item with the history, so with many users it is slower than `item-knn`.
 *
 * Source: Resnick, Iacovou, Suchak, Bergstrom and Riedl, "GroupLens: an open architecture for collaborative filtering of netnews", 1994.
 */
export const userKnn = defineModel({
  name: "user-knn",
  family: "knn",
  options: {
    /** Number of most similar users to use. */
    neighbors: int(100, { min: 1, max: 1_000_000, search: log(10, 1000) }),
    /** Similarity of users: cosine that emphasizes rare items (TF-IDF), plain cosine, or the inner product of BM25 weights. */
    similarity: choice(["tf-idf", "cosine", "bm25"]),
    /** Lowers the similarity of users with short histories, which may be due to chance. For cosine and TF-IDF. */
    shrink: float(10, { min: 0, search: log(0.1, 1000) }),
    /** Whether to use interaction weights (ratings, play counts); otherwise all count 1. */
    useWeights: boolean(false),
  },
  fit: (_data, { useWeights }, { histories }): InteractionState => kept(interactionMatrix(histories.bag(), useWeights)),
  update: (_state, _data, _added, { useWeights }, { histories }): InteractionState => kept(interactionMatrix(histories.bag(), useWeights)),
  score(state, histories, out, options, { backend }) {
    const { byUser } = keptInteractions(state);
    const neighbors = neighborsOf(state, interactionMatrix(histories.bag(), options.useWeights), options, backend);
    sparseScores(backend, { histories: neighbors, matrix: residentRows(backend, byUser), out });
  },
  explain(state, histories, item, out, options, { backend }) {
    const { byUser } = keptInteractions(state);
    const { weights, right, lengths } = compared(state, options.similarity);
    const profile = interactionMatrix(histories.bag(), options.useWeights);
    const query = weightedRows(profile, options.similarity, weights);
    const neighbors = neighborsOf(state, profile, options, backend);
    const parts = new Map<number, number>();
    for (let n = 0; n < neighbors.indices.length; n++) {
      const user = neighbors.indices[n];
      const norm = options.similarity === "bm25" ? 1 : query.lengths[0] * lengths[user] + options.shrink;
      const interest = csrValue(byUser, user, item);
      if (interest === 0) continue;
      for (let e = 0; e < profile.indices.length; e++) {
        const shared = query.left.values[e] * csrValue(right, profile.indices[e], user);
        if (shared !== 0) parts.set(profile.indices[e], (parts.get(profile.indices[e]) ?? 0) + (interest * shared) / norm);
      }
    }
    profile.indices.forEach((source, e) => {
      out[e] = parts.get(source) ?? 0;
    });
  },
});

function kept({ rows, columns, offsets, indices, values }: Csr): InteractionState {
  return { users: rows, items: columns, offsets, indices, values };
}

/** One history per row: its most similar users, with their similarity. */
function neighborsOf(
  state: InteractionState,
  profiles: Csr,
  { neighbors, similarity, shrink }: { neighbors: number; similarity: Weighting; shrink: number },
  backend: Backend,
): Csr {
  const { weights, right, lengths } = compared(state, similarity);
  const query = weightedRows(profiles, similarity, weights);
  const norms = similarity === "bm25" ? {} : { rowNorms: query.lengths, columnNorms: lengths, shrink };
  return sparseProductTopK(backend, { left: query.left, right: residentRows(backend, right), k: neighbors, ...norms });
}

/** Data for comparing histories with the stored users, computed on first use. */
function compared(state: InteractionState, similarity: Weighting): Compared {
  let made = cache.get(state.indices);
  if (made?.similarity !== similarity) {
    const { byUser, byItem } = keptInteractions(state);
    const weights = columnWeights(byUser, similarity);
    const { right, lengths } = weightedRows(byUser, similarity, weights);
    made = { similarity, weights, right: right === byUser ? byItem : transposeCsr(right), lengths };
    cache.set(state.indices, made);
  }
  return made;
}

interface Compared {
  readonly similarity: Weighting;
  readonly weights: ColumnWeights;
  /** Items x users. */
  readonly right: Csr;
  readonly lengths: Float32Array;
}

const cache = new WeakMap<Uint32Array, Compared>();

function residentRows(backend: Backend, { rows, columns, offsets, indices, values }: Csr): Csr {
  return { rows, columns, offsets: backend.resident(offsets), indices: backend.resident(indices), values: backend.resident(values) };
}
