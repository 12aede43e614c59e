import type { ItemList } from "../data/item-list.ts";
import type { ItemMarks } from "./item-marks.ts";

/** The candidates of all sources: one row per item, one column per source. */
export interface CandidateTable {
  /** Source names, one per column. */
  readonly names: readonly string[];
  /** Item indices, one per row. */
  readonly items: Uint32Array;
  /** Offset from one column to the next in `scores` and `ranks`; at least the number of rows. */
  readonly stride: number;
  /** On the source's own scale; NaN if the source didn't return the item. */
  readonly scores: Float32Array;
  /** From 1; 0 if the source didn't return the item. */
  readonly ranks: Uint16Array;
}

/** Merges the candidates of all sources. Rows are in order of first appearance. */
export function tabulate(
  names: readonly string[],
  given: readonly (ItemList | undefined)[],
  catalogSize: number,
  marks: ItemMarks,
): CandidateTable {
  let stride = 0;
  for (const candidates of given) stride += candidates?.items.length ?? 0;
  const items = new Uint32Array(stride);
  const scores = new Float32Array(stride * names.length).fill(Number.NaN);
  const ranks = new Uint16Array(stride * names.length);
  let rows = 0;
  marks.start(catalogSize);
  for (let column = 0; column < given.length; column++) {
    const candidates = given[column];
    if (candidates === undefined) continue;
    for (let i = 0; i < candidates.items.length; i++) {
      const item = candidates.items[i];
      let row = rows;
      if (marks.has(item)) row = marks.get(item);
      else {
        marks.set(item, row);
        items[rows++] = item;
      }
      scores[column * stride + row] = candidates.scores[i];
      ranks[column * stride + row] = i + 1;
    }
  }
  return { names, items: items.subarray(0, rows), stride, scores, ranks };
}
