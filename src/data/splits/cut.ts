import { RecoError } from "../../util/errors.ts";
import { countingSort } from "../csr.ts";
import type { Dataset } from "../dataset.ts";
import type { ProvenanceStep } from "../dataset-parts.ts";
import { rowsWhere } from "../interactions.ts";
import type { Split } from "../split.ts";

/** The split whose test part is the rows marked with a 1; rows keep their order. */
export function cut(data: Dataset, inTest: Uint8Array, step: { readonly method: string; readonly [argument: string]: unknown }): Split {
  const part = (name: string, mark: number) =>
    data.select(
      rowsWhere(data.size, (row) => inTest[row] === mark),
      splitStep(step, name),
    );
  return { train: part("train", 0), test: part("test", 1) };
}

/** The provenance of one part of a split. */
export function splitStep(step: { readonly method: string; readonly [argument: string]: unknown }, part: string): ProvenanceStep {
  return { step: "split", ...step, part };
}

/** The rows of each user, in their order: user u has rows[offsets[u]] … rows[offsets[u + 1] - 1]. */
export function rowsOfUsers(data: Dataset): { rows: Uint32Array; offsets: Uint32Array } {
  const { order, offsets } = countingSort(data.interactions.user, data.users.size, undefined);
  return { rows: order, offsets };
}

/**
 * The rows of each user in time order. Rows with the same time are in the order of the data; rows with an unknown time come first. Without
 * times, the order of the data is used.
 */
export function rowsOfUsersInTime(data: Dataset): { rows: Uint32Array; offsets: Uint32Array } {
  const { rows, offsets } = rowsOfUsers(data);
  const times = data.interactions.time;
  if (times !== undefined)
    for (let u = 0; u < data.users.size; u++)
      rows.subarray(offsets[u], offsets[u + 1]).sort((a, b) => when(times[a]) - when(times[b]) || a - b);
  return { rows, offsets };
}

/** A comparable time: an unknown time is before all others. (Finite, because differences of infinities are NaN.) */
export function when(time: number): number {
  return Number.isNaN(time) ? -Number.MAX_VALUE : time;
}

/** @throws RecoError `bad-option` unless 0 < value < 1 */
export function checkFraction(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new RecoError("bad-option", `${name} must be between 0 and 1, not ${value}.`);
}

/** @throws RecoError `bad-option` unless the seed is a whole number of at least 0 */
export function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RecoError("bad-option", `A seed must be a whole number of at least 0, not ${seed}.`);
}
