import type { EventColumns } from "../../data/event-columns.ts";
import type { EventWeighting } from "../learning/event-weighting.ts";

/** Makes one number of a user and an item. */
const PER_USER = 2 ** 32;

/**
 * Sets the weight of events to 0 that a later event of the same user and item takes back, and of all events of a pair whose sum isn't above
 * 0, so that no model takes them for interest. Only pairs with such an event and another one are gathered.
 *
 * @returns 1 for the events that were taken back; undefined if none were
 */
export function takeBack(
  { length, user, item, type, time }: EventColumns,
  weight: Float32Array,
  weights: EventWeighting,
): Uint8Array | undefined {
  const present = [...new Set(type.subarray(0, length))];
  const takes = new Uint8Array(256);
  for (const one of present) takes[one] = present.some((other) => weights.undoes(one, other)) ? 1 : 0;
  const matters = (row: number) => weight[row] < 0 || takes[type[row]] === 1;
  let first = 0;
  while (first < length && !matters(first)) first++;
  if (first === length) return undefined;

  const again = repeatedPairs(length, user, item);
  const pairs = new Map<number, number[]>();
  const key = (row: number) => user[row] * PER_USER + item[row];
  for (let row = first; row < length; row++) {
    if (!matters(row)) continue;
    if (again(row)) pairs.set(key(row), []);
    else if (weight[row] < 0) weight[row] = 0;
  }
  if (pairs.size === 0) return undefined;
  const takenBack = new Uint8Array(length);
  for (let row = 0; row < length; row++) if (again(row)) pairs.get(key(row))?.push(row);
  for (const rows of pairs.values()) {
    rows.sort((a, b) => time[a] - time[b] || a - b);
    const own = Float32Array.from(rows, (row) => weight[row]);
    let sum = 0;
    for (let at = 0; at < rows.length; at++) {
      const undone = rows.some(
        (later, place) => place > at && ((own[place] < 0 && own[at] > 0) || weights.undoes(type[later], type[rows[at]])),
      );
      if (undone) {
        weight[rows[at]] = 0;
        takenBack[rows[at]] = 1;
      }
      sum += weight[rows[at]];
    }
    if (sum > 0) continue;
    for (const row of rows) {
      if (weight[row] > 0) takenBack[row] = 1;
      weight[row] = 0;
    }
  }
  return takenBack;
}

/** Whether a row's pair of user and item may occur more than once: always true if it does, and for at most one row in 16 if it doesn't. */
function repeatedPairs(length: number, user: Uint32Array, item: Uint32Array): (row: number) => boolean {
  const bits = 2 ** Math.max(10, Math.ceil(Math.log2(16 * length)));
  // Beyond 2^32 bits, the hash has no more places; more pairs are then gathered than needed.
  const mask = Math.min(bits, 2 ** 32) - 1;
  const once = new Uint32Array((mask + 1) / 32);
  const twice = new Uint32Array((mask + 1) / 32);
  const place = (row: number) => {
    let hash = Math.imul(user[row], 0x9e3779b1) ^ Math.imul(item[row] + 0x7f4a7c15, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) & mask) >>> 0;
  };
  for (let row = 0; row < length; row++) {
    const at = place(row);
    const bit = 1 << (at & 31);
    if (once[at >>> 5] & bit) twice[at >>> 5] |= bit;
    else once[at >>> 5] |= bit;
  }
  return (row) => {
    const at = place(row);
    return (twice[at >>> 5] & (1 << (at & 31))) !== 0;
  };
}
