import { type Interactions, takeInteractions } from "./interactions.ts";

/**
 * How to combine several interactions of a user with an item (of the same event type, if there are types): keep the last by time (by row
 * without times); keep the last with the sum or the maximum of the weights; or keep all.
 */
export type RepeatPolicy = "last" | "sum" | "max" | "all";

const NOBODY = 0xffffffff;

/** Merges repeats, and counts the rows removed. The other rows keep their order. */
export function mergeRepeats(
  interactions: Interactions,
  users: number,
  items: number,
  types: number,
  policy: RepeatPolicy,
): { interactions: Interactions; merged: number } {
  const { user, item, weight, time, type } = interactions;
  const rows = user.length;
  if (policy === "all" || rows === 0) return { interactions, merged: 0 };
  const { rowsAndItems, offsets } = groupByUser(user, item, users);
  const kinds = type === undefined ? 1 : types;
  // For each item (and type), the last user and the row kept, side by side, so that a lookup is one memory access.
  const latest = new Uint32Array(2 * items * kinds).fill(NOBODY);
  const gone = new Uint8Array(rows);
  const weights = policy === "last" ? weight : weight === undefined ? new Float64Array(rows).fill(1) : weight.slice();
  let merged = 0;
  for (let u = 0; u < users; u++)
    for (let i = offsets[u]; i < offsets[u + 1]; i++) {
      const row = rowsAndItems[2 * i];
      const key = type === undefined ? rowsAndItems[2 * i + 1] : rowsAndItems[2 * i + 1] * kinds + type[row];
      if (latest[2 * key] !== u) {
        latest[2 * key] = u;
        latest[2 * key + 1] = row;
        continue;
      }
      const before = latest[2 * key + 1];
      const later = time === undefined || Number.isNaN(time[before]) || time[row] >= time[before];
      const last = later ? row : before;
      const other = later ? before : row;
      if (weights !== undefined && policy === "sum") weights[last] += weights[other];
      if (weights !== undefined && policy === "max") weights[last] = Math.max(weights[last], weights[other]);
      latest[2 * key + 1] = last;
      gone[other] = 1;
      merged++;
    }
  if (merged === 0) return { interactions, merged };
  const kept = new Uint32Array(rows - merged);
  for (let row = 0, to = 0; row < rows; row++) if (gone[row] === 0) kept[to++] = row;
  // Without a weight column, every maximum is 1, so no column is needed.
  const counts = weight === undefined && policy === "max" ? undefined : weights;
  return { interactions: takeInteractions({ ...interactions, ...(counts && { weight: counts }) }, kept), merged };
}

/** The rows of each user with their items, side by side, so that later steps read memory in order. */
function groupByUser(user: Uint32Array, item: Uint32Array, users: number): { rowsAndItems: Uint32Array; offsets: Uint32Array } {
  const offsets = new Uint32Array(users + 1);
  for (let row = 0; row < user.length; row++) offsets[user[row] + 1]++;
  for (let u = 0; u < users; u++) offsets[u + 1] += offsets[u];
  const next = offsets.slice(0, users);
  const rowsAndItems = new Uint32Array(2 * user.length);
  for (let row = 0; row < user.length; row++) {
    const to = 2 * next[user[row]]++;
    rowsAndItems[to] = row;
    rowsAndItems[to + 1] = item[row];
  }
  return { rowsAndItems, offsets };
}
