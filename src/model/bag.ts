import { type Csr, csrFromCoordinates } from "../data/csr.ts";

/** How several weights of one user on the same item are merged: the last by time, the sum, or the largest. */
export type RepeatRule = "last" | "sum" | "max";

/** Entries of histories, row by row, oldest first. */
export interface Entries {
  readonly rows: number;
  /** Size of the item vocabulary. */
  readonly items: number;
  readonly offsets: Uint32Array;
  readonly item: Uint32Array;
  readonly weight: Float32Array;
}

/** Longer histories use a counting sort. The product of this and 2^32 items stays below 2^53. */
const MOST_PLACES = 2 ** 21;

/** The entries as compressed rows of distinct, ascending items, with repeats merged by the rule. */
export function bagOf(entries: Entries, repeats: RepeatRule): Csr {
  const { item, items } = entries;
  // A counting sort takes a pass over the catalog: too slow for the history of a single visitor.
  const sorted = item.length < Math.min(items, MOST_PLACES) ? sortedRows(entries) : countedRows(entries);
  return mergeColumns(sorted, repeats);
}

/** Whether any row contains a column twice. Columns must ascend within each row. */
export function hasRepeats({ rows, offsets, indices }: Csr): boolean {
  for (let row = 0; row < rows; row++)
    for (let e = offsets[row] + 1; e < offsets[row + 1]; e++) if (indices[e] === indices[e - 1]) return true;
  return false;
}

/** Sorts each row. Packing an item and its place into one number allows a typed-array sort without a comparison function. */
function sortedRows({ rows, items, offsets, item, weight }: Entries): Csr {
  const keys = new Float64Array(item.length);
  const indices = new Uint32Array(item.length);
  const values = new Float32Array(item.length);
  for (let row = 0; row < rows; row++) {
    const [from, to] = [offsets[row], offsets[row + 1]];
    for (let e = from; e < to; e++) keys[e] = item[e] * MOST_PLACES + (e - from);
    (rows === 1 ? keys : keys.subarray(from, to)).sort();
    for (let e = from; e < to; e++) {
      const index = Math.floor(keys[e] / MOST_PLACES);
      indices[e] = index;
      values[e] = weight[from + keys[e] - index * MOST_PLACES];
    }
  }
  return { rows, columns: items, offsets, indices, values };
}

function countedRows({ rows, items, offsets, item, weight }: Entries): Csr {
  const row = new Uint32Array(item.length);
  for (let r = 0; r < rows; r++) row.fill(r, offsets[r], offsets[r + 1]);
  return csrFromCoordinates(rows, items, row, item, weight);
}

/** The rows with each column once. Without repeats, returns the matrix itself; otherwise merges in place, so the arrays must be the caller's own. */
export function mergeColumns(matrix: Csr, repeats: RepeatRule): Csr {
  if (!hasRepeats(matrix)) return matrix;
  const { rows, columns, offsets, indices, values } = matrix;
  const starts = new Uint32Array(rows + 1);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let e = offsets[row]; e < offsets[row + 1]; e++) {
      if (at > starts[row] && indices[at - 1] === indices[e]) {
        if (repeats === "last") values[at - 1] = values[e];
        else if (repeats === "sum") values[at - 1] += values[e];
        else values[at - 1] = Math.max(values[at - 1], values[e]);
      } else {
        indices[at] = indices[e];
        values[at++] = values[e];
      }
    }
    starts[row + 1] = at;
  }
  return { rows, columns, offsets: starts, indices: indices.slice(0, at), values: values.slice(0, at) };
}
