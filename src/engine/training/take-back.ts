import type { EventColumns } from "../../data/event-columns.ts";
import type { EventWeighting } from "../learning/event-weighting.ts";

/** Makes one number of a user and an item. */
const PER_USER = 2 ** 32;

/**
 * Sets the weight of events to 0 that a later event of the same user and item takes back, and of all events of a pair whose sum isn't above
 * 0, so that no model takes them for interest. Only pairs with such an event are looked at.
 */
export function takeBack({ length, user, item, type, time }: EventColumns, weight: Float32Array, weights: EventWeighting): void {
  const against = new Map<number, number[]>();
  const key = (row: number) => user[row] * PER_USER + item[row];
  const takers = new Map<number, boolean>();
  const present = [...new Set(type.subarray(0, length))];
  for (const one of present)
    takers.set(
      one,
      present.some((other) => weights.undoes(one, other)),
    );
  for (let row = 0; row < length; row++) if (weight[row] < 0 || takers.get(type[row])) against.set(key(row), []);
  if (against.size === 0) return;
  for (let row = 0; row < length; row++) against.get(key(row))?.push(row);
  for (const rows of against.values()) {
    rows.sort((a, b) => time[a] - time[b] || a - b);
    const own = Float32Array.from(rows, (row) => weight[row]);
    let sum = 0;
    for (let at = 0; at < rows.length; at++) {
      const undone = rows.some(
        (later, place) => place > at && ((own[place] < 0 && own[at] > 0) || weights.undoes(type[later], type[rows[at]])),
      );
      if (undone) weight[rows[at]] = 0;
      sum += weight[rows[at]];
    }
    if (!(sum > 0)) for (const row of rows) weight[row] = 0;
  }
}
