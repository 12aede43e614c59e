import type { ItemList } from "../data/item-list.ts";
import type { ItemMarks } from "./item-marks.ts";

/** The candidates of all sources side by side: a row an item, a column a source. */
export interface CandidateTable {
  /** Sources by name, one a column. */
  readonly names: readonly string[];
  /** Item indices, one a row. */
  readonly items: Uint32Array;
  /** Entries from one column to the next in `scores` and `ranks`; at least as many as there are rows. */
  readonly stride: number;
  /** On the source's own scale; NaN where the source did not name the item. */
  readonly scores: Float32Array;
  /** From 1; 0 where the source did not name the item. */
  readonly ranks: Uint16Array;
}

/** Joins the candidates of sources; rows come in the order in which items are first named. */
export function tabulate(
  names: readonly string[],
  given: readonly (ItemList | undefined)[],
  catalogueSize: number,
  marks: ItemMarks,
): CandidateTable {
  let stride = 0;
  for (const candidates of given) stride += candidates?.items.length ?? 0;
  const items = new Uint32Array(stride);
  const scores = new Float32Array(stride * names.length).fill(Number.NaN);
  const ranks = new Uint16Array(stride * names.length);
  let rows = 0;
  marks.start(catalogueSize);
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
