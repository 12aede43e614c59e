import { type Csr, csrEntry } from "../data/csr.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Histories } from "./histories.ts";

/**
 * The rows of `data` that came after an earlier fit: those of pairs of user and item that did not meet before, or now have another weight. Of
 * a pair that met before, the first rows that make up its earlier weight are old.
 *
 * @param before the histories of the earlier fit
 * @param after those of `data`
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

/** For each pair of now, the row after which its earlier weight is complete; 0 where no rows make it up. */
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
