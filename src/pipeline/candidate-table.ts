import type { ItemMarks } from "./item-marks.ts";
import type { Candidates } from "./source.ts";

/** The candidates of all sources side by side: a row an item, a column a source. */
export interface CandidateTable {
  /** Sources by name, one a column. */
  readonly names: readonly string[];
  /** Item indices, one a row. */
  readonly items: Uint32Array;
  /** By column and row, on the source's own scale; NaN where the source did not name the item. */
  readonly scores: readonly Float32Array[];
  /** By column and row, from 1; 0 where the source did not name the item. */
  readonly ranks: readonly Uint16Array[];
}

/** Joins the candidates of sources; rows come in the order in which items are first named. */
export function tabulate(
  names: readonly string[],
  given: readonly (Candidates | undefined)[],
  catalogueSize: number,
  marks: ItemMarks,
): CandidateTable {
  let most = 0;
  for (const candidates of given) most += candidates?.items.length ?? 0;
  const items = new Uint32Array(most);
  let rows = 0;
  marks.start(catalogueSize);
  const scores: Float32Array[] = [];
  const ranks: Uint16Array[] = [];
  for (const candidates of given) {
    const ofSource = new Float32Array(most).fill(Number.NaN);
    const places = new Uint16Array(most);
    scores.push(ofSource);
    ranks.push(places);
    if (candidates === undefined) continue;
    for (let i = 0; i < candidates.items.length; i++) {
      const item = candidates.items[i];
      let row = rows;
      if (marks.has(item)) row = marks.get(item);
      else {
        marks.set(item, row);
        items[rows++] = item;
      }
      ofSource[row] = candidates.scores[i];
      places[row] = i + 1;
    }
  }
  if (rows === most) return { names, items, scores, ranks };
  return {
    names,
    items: items.subarray(0, rows),
    scores: scores.map((column) => column.subarray(0, rows)),
    ranks: ranks.map((column) => column.subarray(0, rows)),
  };
}
