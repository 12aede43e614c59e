import type { WeightedEvents } from "../training-set.ts";

/** Events from rows of user, item, time, weight (1) and type (0); the value is the weight. */
export function weightedEvents(
  rows: readonly (readonly [user: number, item: number, time: number, weight?: number, type?: number])[],
): WeightedEvents {
  const weight = Float32Array.from(rows, (row) => row[3] ?? 1);
  return {
    length: rows.length,
    user: Uint32Array.from(rows, (row) => row[0]),
    item: Uint32Array.from(rows, (row) => row[1]),
    type: Uint8Array.from(rows, (row) => row[4] ?? 0),
    time: Float64Array.from(rows, (row) => row[2]),
    value: Float64Array.from(weight),
    weight,
    users: 1 + Math.max(...rows.map((row) => row[0])),
    items: 1 + Math.max(...rows.map((row) => row[1])),
  };
}
