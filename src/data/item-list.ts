/** Distinct items with scores, best first. Columns of equal length. */
export interface ItemList {
  /** Item indices. */
  readonly items: Uint32Array;
  readonly scores: Float32Array;
}

/** A list without items. */
export const noItems: ItemList = { items: new Uint32Array(0), scores: new Float32Array(0) };

/** The entries at these positions, in this order. */
export function gather({ items, scores }: ItemList, positions: readonly number[]): ItemList {
  const taken = { items: new Uint32Array(positions.length), scores: new Float32Array(positions.length) };
  for (let i = 0; i < positions.length; i++) {
    taken.items[i] = items[positions[i]];
    taken.scores[i] = scores[positions[i]];
  }
  return taken;
}
