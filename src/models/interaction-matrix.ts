import { type Csr, transposeCsr } from "../data/csr.ts";

/** A bag as co-occurrence models need it: with its weights, or with all values 1. Returns the bag itself if there is nothing to change. */
export function interactionMatrix(bag: Csr, useWeights: boolean): Csr {
  if (useWeights || bag.values.every((value) => value === 1)) return bag;
  return { ...bag, values: new Float32Array(bag.values.length).fill(1) };
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
