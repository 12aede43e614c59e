import type { SparseRows } from "../sparse-rows.ts";
/** The best items of each row: highest score first, ties by ascending item. */
export interface TopKResult {
  /** rows x k, padded with {@link NO_ITEM}. */
  readonly items: Uint32Array;
  /** rows x k, padded with -Infinity. */
  readonly scores: Float32Array;
}

/** What to select for each of `rows` rows, out of `items` items. */
export interface TopKSelection {
  /** Number of items to select per row. */
  readonly k: number;
  /** rows x items: items that are never returned for a row. */
  readonly exclude?: SparseRows;
  /** One entry per item: 1 if it may be returned. All are allowed if omitted. */
  readonly allowed?: Uint8Array;
}

/** Top-k by sorting all scores of a row. */
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
