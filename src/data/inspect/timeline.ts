import { countingSort } from "../csr.ts";
import type { Dataset } from "../dataset.ts";

/** The rows of each user in time order: those of user u are rows[offsets[u]] … rows[offsets[u + 1] - 1]. */
export interface Timeline {
  readonly rows: Uint32Array;
  readonly offsets: Uint32Array;
  readonly time: Float64Array;
}

/** Every user's rows in time order, or undefined if the data has no times. Rows with an unknown time come last. */
export function timelineOf(data: Dataset): Timeline | undefined {
  const { user, time } = data.interactions;
  if (time === undefined) return undefined;
  const { order: rows, offsets } = countingSort(user, data.users.size, undefined);
  const key = (row: number) => (Number.isNaN(time[row]) ? Number.POSITIVE_INFINITY : time[row]);
  for (let u = 0; u < data.users.size; u++) {
    const own = rows.subarray(offsets[u], offsets[u + 1]);
    let sorted = true;
    for (let i = 1; i < own.length && sorted; i++) sorted = key(own[i - 1]) <= key(own[i]);
    if (!sorted) own.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b));
  }
  return { rows, offsets, time };
}
