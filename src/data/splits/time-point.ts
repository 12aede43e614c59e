import { RecoError } from "../../util/errors.ts";
import type { Dataset } from "../dataset.ts";
import type { Split } from "../split.ts";
import { checkFraction, cut, when } from "./cut.ts";

/**
 * Cuts at one point in time for everyone: the model knows what came before, and is tested on everything from then on. The only split that never
 * looks into the future, for users or items. Rows with an unknown time are used for training.
 *
 * @param options the time `at` (milliseconds since 1970 or a Date; a plain number if the times of the data are only an order), or the `fraction`
 * of interactions to hold out, in (0, 1), .2 by default. With `fraction`, the cut is the earliest that holds out no more than that share, because
 * interactions with the same time are never separated.
 * @throws RecoError `unsupported` if the data has no times; `bad-option`, also if one part would be empty
 */
export function timePoint(data: Dataset, options: { readonly at?: number | Date; readonly fraction?: number } = {}): Split {
  const { time } = data.interactions;
  if (time === undefined)
    throw new RecoError("unsupported", "The data has no times, so it can't be split by time. A random holdout works without times.");
  if (options.at !== undefined && options.fraction !== undefined)
    throw new RecoError("bad-option", "Pass either the time (at) or the share (fraction), not both.");
  const at = options.at === undefined ? momentOf(time, options.fraction ?? 0.2) : Number(options.at);
  if (Number.isNaN(at)) throw new RecoError("bad-option", `at must be a time, not ${options.at}.`);
  const inTest = Uint8Array.from(time, (t) => (when(t) >= at ? 1 : 0));
  const withheld = inTest.reduce((count, mark) => count + mark, 0);
  if (withheld === 0 || withheld === data.size)
    throw new RecoError(
      "bad-option",
      `${withheld === 0 ? "No" : "Every"} interaction is at ${at} or later, so one part would be empty. Choose another time.`,
    );
  return cut(data, inTest, { method: "time-point", at, ...(options.at === undefined && { fraction: options.fraction ?? 0.2 }) });
}

function momentOf(time: Float64Array, fraction: number): number {
  checkFraction("fraction", fraction);
  const sorted = Float64Array.from(time, when).sort();
  const most = Math.floor(fraction * sorted.length + 1e-9);
  if (most === 0)
    throw new RecoError("bad-option", `A share of ${fraction} of ${sorted.length} interactions is less than one. Use a larger share.`);
  let first = sorted.length - most;
  while (first > 0 && first < sorted.length && sorted[first] === sorted[first - 1]) first++;
  if (first === sorted.length)
    throw new RecoError("bad-option", `More than ${fraction} of the interactions have the latest time. Use a larger share.`);
  return sorted[first];
}
