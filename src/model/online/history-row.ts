import type { Csr } from "../../data/csr.ts";
import type { OnlineHistory } from "../online.ts";

/** A history as compressed rows of one row, as models take it, and where each entry stood. Items that the model does not know are left out. */
export interface HistoryRow {
  readonly row: Csr;
  /** Place in the history of each entry of the row. */
  readonly places: Uint32Array;
}

/** Items ascending, as rows want them. */
export function historyRow(history: OnlineHistory, itemCount: number): HistoryRow {
  const { items, weights } = history;
  let known = 0;
  for (let i = 0; i < items.length; i++) if (items[i] < itemCount) known++;
  // An item and its place in one number sort at once, in a typed array and without a comparison function.
  const keys = new Float64Array(known);
  for (let i = 0, at = 0; i < items.length; i++) if (items[i] < itemCount) keys[at++] = items[i] * PLACES + i;
  keys.sort();
  const places = new Uint32Array(known);
  const indices = new Uint32Array(known);
  const values = new Float32Array(known);
  for (let at = 0; at < known; at++) {
    const item = Math.floor(keys[at] / PLACES);
    places[at] = keys[at] - item * PLACES;
    indices[at] = item;
    values[at] = weights[places[at]];
  }
  return { row: { rows: 1, columns: itemCount, offsets: Uint32Array.of(0, known), indices, values }, places };
}

/** More than a history has entries; times 2^32 items it stays below 2^53. */
const PLACES = 2 ** 21;
