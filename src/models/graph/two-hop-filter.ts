import type { Csr } from "../../data/csr.ts";
import { sparseScores } from "../../kernel/sparse-scores.ts";
import { sparseProductTopK } from "../../kernel/sparse-top-k.ts";
import { defineModel } from "../../model/define-model.ts";
import { float, linear } from "../../model/options.ts";
import { type InteractionState, interactionMatrix, keptInteractions } from "../interaction-matrix.ts";

/**
 * A low-pass filter of the history on the graph of users and items: from its items to all of their users, and on to all items of those users,
 * with no parameters to learn and no neighbors cut off.
 *
 * `scores = x Di^-a R' Du^-b R Di^-c` for a history x, the interactions R (users x items, each pair once) and the numbers of interactions
 * of items (Di) and users (Du). Like `rp3beta` without a limit on neighbors, and with a separate exponent for each step.
 *
 * The model stores only the interactions, about a hundredth of the size of an item-to-item matrix, and accepts new data without a refit. An
 * answer costs as many additions as there are items among all users who share an item with the history: about ten thousand. Among the most
 * accurate of the simple models.
 *
 * Source: as a linear graph filter, Shen, Wu, Zhang, Shan, Zhang, Letaief and Li, "How powerful is graph convolution for
 * recommendation?", 2021; the steps are those of random walks, Paudel et al. 2017.
 */
export const twoHopFilter = defineModel({
  name: "two-hop-filter",
  family: "graph",
  options: {
    /** a: how much less popular items in the history count than rare ones. */
    sourceExponent: float(0.5, { min: 0, max: 2, search: linear(0, 1.2) }),
    /** b: how much less users with long histories count than users with short ones. */
    userExponent: float(0.6, { min: 0, max: 2, search: linear(0, 1.2) }),
    /** c: penalty on popular items among the recommendations. */
    targetExponent: float(0.4, { min: 0, max: 2, search: linear(0, 0.6) }),
  },
  fit: (_data, _options, { histories }) => kept(interactionMatrix(histories.bag(), false)),
  update: (_state, _data, _added, _options, { histories }) => kept(interactionMatrix(histories.bag(), false)),
  score(state, histories, out, options, { backend }) {
    const { byUser, byItem } = keptInteractions(state);
    const source = discounts(byItem, options.sourceExponent);
    const profile = interactionMatrix(histories.bag(), false);
    const left = { ...profile, values: profile.values.map((value, e) => value * source[profile.indices[e]]) };
    const columnNorms = discounts(byUser, -options.userExponent);
    const users = sparseProductTopK(backend, { left, right: resident(byItem), k: Math.max(1, state.users), columnNorms });
    sparseScores(backend, { histories: users, matrix: resident(byUser), out });
    const target = discounts(byItem, options.targetExponent);
    for (let row = 0, at = 0; row < histories.rows; row++) for (let item = 0; item < state.items; item++) out[at++] *= target[item];

    function resident({ rows, columns, offsets, indices, values }: Csr): Csr {
      return { rows, columns, offsets: backend.resident(offsets), indices: backend.resident(indices), values: backend.resident(values) };
    }
  },
  similar(state, item, out, options) {
    const { byUser, byItem } = keptInteractions(state);
    const target = discounts(byItem, options.targetExponent);
    out.fill(0);
    for (let e = byItem.offsets[item]; e < byItem.offsets[item + 1]; e++) {
      const user = byItem.indices[e];
      const weight = discount(byItem, item, options.sourceExponent) * discount(byUser, user, options.userExponent);
      for (let f = byUser.offsets[user]; f < byUser.offsets[user + 1]; f++) out[byUser.indices[f]] += weight;
    }
    for (let other = 0; other < out.length; other++) out[other] *= target[other];
  },
  explain(state, histories, item, out, options) {
    const { byUser, byItem } = keptInteractions(state);
    const target = discount(byItem, item, options.targetExponent);
    const reached = new Map<number, number>();
    for (let e = byItem.offsets[item]; e < byItem.offsets[item + 1]; e++)
      reached.set(byItem.indices[e], target * discount(byUser, byItem.indices[e], options.userExponent));
    histories.bag().indices.forEach((source, entry) => {
      let sum = 0;
      for (let e = byItem.offsets[source]; e < byItem.offsets[source + 1]; e++) sum += reached.get(byItem.indices[e]) ?? 0;
      out[entry] = sum * discount(byItem, source, options.sourceExponent);
    });
  },
});

function kept({ rows, columns, offsets, indices, values }: Csr): InteractionState {
  return { users: rows, items: columns, offsets, indices, values };
}

/** Number of entries in a row, to the power of -exponent. */
function discount({ offsets }: Csr, row: number, exponent: number): number {
  return Math.max(1, offsets[row + 1] - offsets[row]) ** -exponent;
}

function discounts(matrix: Csr, exponent: number): Float32Array {
  return Float32Array.from({ length: matrix.rows }, (_, row) => discount(matrix, row, exponent));
}
