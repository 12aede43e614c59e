import { RecoError } from "../../util/errors.ts";
import { countingSort } from "../csr.ts";
import type { Dataset, ProvenanceStep } from "../dataset.ts";
import { rowsWhere } from "../filters/rows-where.ts";
import type { Split } from "../split.ts";

/** The split whose test part is the rows that are marked with a 1; rows keep their order. */
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
 * The rows of each user in the order of time; of two at one time, the one that stands first in the data comes first. Rows of unknown
 * time come before all others. Without times, the order of the data counts.
 */
export function rowsOfUsersInTime(data: Dataset): { rows: Uint32Array; offsets: Uint32Array } {
  const { rows, offsets } = rowsOfUsers(data);
  const times = data.interactions.time;
  if (times !== undefined)
    for (let u = 0; u < data.users.size; u++)
      rows.subarray(offsets[u], offsets[u + 1]).sort((a, b) => when(times[a]) - when(times[b]) || a - b);
  return { rows, offsets };
}

/** A time that can be compared: an unknown one is before all others. (Finite, for differences of infinities are not numbers.) */
export function when(time: number): number {
  return Number.isNaN(time) ? -Number.MAX_VALUE : time;
}

/** @throws RecoError `bad-option` unless 0 < value < 1 */
export function checkFraction(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new RecoError("bad-option", `${name} is between 0 and 1, not ${value}.`);
}

/** @throws RecoError `bad-option` unless the seed is a whole number from 0 */
export function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RecoError("bad-option", `A seed is a whole number from 0, not ${seed}.`);
}
