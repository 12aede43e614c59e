import type { SparseRows } from "../sparse-rows.ts";
/** The best items of each row: highest score first, equal scores by ascending item. */
export interface TopKResult {
  /** rows x k, padded with {@link NO_ITEM}. */
  readonly items: Uint32Array;
  /** rows x k, padded with -Infinity. */
  readonly scores: Float32Array;
}

/** What may be selected for each of `rows` rows out of `items` items. */
export interface TopKSelection {
  /** Items to select for each row. */
  readonly k: number;
  /** rows x items: the columns of a row are never returned for it. */
  readonly exclude?: SparseRows;
  /** One entry an item: 1 where it may be returned. All may when absent. */
  readonly allowed?: Uint8Array;
}

/** Top-k by sorting all of a row's scores. */
export function topKReference(selection: TopKSelection, rows: number, items: number, scoresOf: (row: number) => Float32Array): TopKResult {
  const { k, exclude, allowed } = selection;
  const result = { items: new Uint32Array(rows * k).fill(0xffffffff), scores: new Float32Array(rows * k).fill(Number.NEGATIVE_INFINITY) };
  for (let row = 0; row < rows; row++) {
    const scores = scoresOf(row);
    const excluded = new Set(exclude?.indices.subarray(exclude.offsets[row], exclude.offsets[row + 1]));
    const order: number[] = [];
    for (let item = 0; item < items; item++)
      if (scores[item] > Number.NEGATIVE_INFINITY && allowed?.[item] !== 0 && !excluded.has(item)) order.push(item);
    order.sort((a, b) => scores[b] - scores[a] || a - b);
    for (let i = 0; i < Math.min(k, order.length); i++) {
      result.items[row * k + i] = order[i];
      // Not -0, as in the kernels.
      result.scores[row * k + i] = scores[order[i]] + 0;
    }
  }
  return result;
}
