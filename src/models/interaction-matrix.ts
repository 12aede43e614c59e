import { type Csr, transposeCsr } from "../data/csr.ts";

/**
 * Interactions with every user-item pair once, as co-occurrence models need them: all values 1, or with `useWeights` the sum of the weights of
 * a pair. Columns must be ascending within a row. Returns the matrix itself if there is nothing to change.
 */
export function interactionMatrix(interactions: Csr, useWeights: boolean): Csr {
  const { rows, columns, offsets, indices, values } = interactions;
  let repeats = 0;
  for (let r = 0; r < rows; r++) for (let e = offsets[r] + 1; e < offsets[r + 1]; e++) if (indices[e] === indices[e - 1]) repeats++;
  if (repeats === 0)
    return useWeights || values.every((value) => value === 1)
      ? interactions
      : { ...interactions, values: new Float32Array(values.length).fill(1) };
  const merged = {
    ...{ rows, columns, offsets: new Uint32Array(rows + 1) },
    ...{ indices: new Uint32Array(indices.length - repeats), values: new Float32Array(indices.length - repeats) },
  };
  let at = 0;
  for (let r = 0; r < rows; r++) {
    for (let e = offsets[r]; e < offsets[r + 1]; e++) {
      const again = e > offsets[r] && indices[e] === indices[e - 1];
      if (!again) merged.indices[at++] = indices[e];
      merged.values[at - 1] = useWeights ? merged.values[at - 1] + values[e] : 1;
    }
    merged.offsets[r + 1] = at;
  }
  return merged;
}

/** The state of a model that stores the interactions it was fitted on. */
export type InteractionState = {
  readonly users: number;
  readonly items: number;
  readonly offsets: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array;
};

/** Both views of the stored interactions: users x items and items x users. Computed once per state. */
export function keptInteractions(state: InteractionState): { byUser: Csr; byItem: Csr } {
  let views = cache.get(state.indices);
  if (views === undefined) {
    const { users, items, offsets, indices, values } = state;
    const byUser = { rows: users, columns: items, offsets, indices, values };
    views = { byUser, byItem: transposeCsr(byUser) };
    cache.set(state.indices, views);
  }
  return views;
}

const cache = new WeakMap<Uint32Array, { byUser: Csr; byItem: Csr }>();
