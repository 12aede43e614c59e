import { type Csr, csrEntry } from "../data/csr.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Histories } from "./histories.ts";

/**
 * The rows of `data` added since an earlier fit: rows of user-item pairs that are new or whose weight changed. For a pair that existed before,
 * the first rows that add up to its earlier weight are old.
 *
 * @param before the histories of the earlier fit
 * @param after the histories of `data`
 */
export function addedRows(before: Histories, after: Histories, data: Dataset): Dataset {
  const [old, now] = [before.bag(), after.bag()];
  const { user, item, weight } = data.interactions;
  const weightOf = (row: number) => (weight === undefined ? 1 : weight[row]);
  const oldEnd = lastOldRows(old, now, data, after.repeats, weightOf);
  const rows = Uint32Array.from(user.keys()).filter((row) => {
    const met = user[row] < old.rows ? csrEntry(old, user[row], item[row]) : -1;
    if (met < 0) return true;
    const entry = csrEntry(now, user[row], item[row]);
    return old.values[met] !== now.values[entry] && row >= oldEnd[entry];
  });
  return data.select(rows, { step: "added" });
}

/** For each current pair, the end of the rows that make up its earlier weight; 0 if none do. */
function lastOldRows(old: Csr, now: Csr, data: Dataset, repeats: Histories["repeats"], weightOf: (row: number) => number): Uint32Array {
  const { user, item } = data.interactions;
  const ends = new Uint32Array(now.indices.length);
  const weights = new Float32Array(now.indices.length);
  for (let row = 0; row < data.size; row++) {
    const met = user[row] < old.rows ? csrEntry(old, user[row], item[row]) : -1;
    if (met < 0) continue;
    const entry = csrEntry(now, user[row], item[row]);
    if (ends[entry] > 0) continue;
    if (repeats === "sum") weights[entry] += weightOf(row);
    else if (repeats === "max") weights[entry] = Math.max(weights[entry], weightOf(row));
    else weights[entry] = weightOf(row);
    if (weights[entry] === old.values[met]) ends[entry] = row + 1;
  }
  return ends;
}
