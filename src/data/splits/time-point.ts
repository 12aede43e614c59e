import { RecoError } from "../../util/errors.ts";
import type { Dataset } from "../dataset.ts";
import type { Split } from "../split.ts";
import { checkFraction, cut, when } from "./cut.ts";

/**
 * Cuts at one moment for all: the model knows what was before, and is tested on that moment and after. The only split without a look
 * into the future, for users and items alike. Rows of unknown time are trained on.
 *
 * @param options the moment, `at` (milliseconds since 1970 or a Date; a plain number where the times of the data are but an order), or
 * the `fraction` of interactions to withhold, in (0, 1), .2 by default: the moment is then the earliest that withholds no more than
 * that share, for interactions of one time are never torn apart.
 * @throws RecoError `unsupported` when the data has no times; `bad-option`, also when one side of the cut would be empty
 */
export function timePoint(data: Dataset, options: { readonly at?: number | Date; readonly fraction?: number } = {}): Split {
  const { time } = data.interactions;
  if (time === undefined)
    throw new RecoError("unsupported", "The data has no times, so it cannot be cut at one. A random holdout needs none.");
  if (options.at !== undefined && options.fraction !== undefined)
    throw new RecoError("bad-option", "Give the moment (at) or the share (fraction), not both.");
  const at = options.at === undefined ? momentOf(time, options.fraction ?? 0.2) : Number(options.at);
  if (Number.isNaN(at)) throw new RecoError("bad-option", `at is a time, not ${options.at}.`);
  const inTest = Uint8Array.from(time, (t) => (when(t) >= at ? 1 : 0));
  const withheld = inTest.reduce((count, mark) => count + mark, 0);
  if (withheld === 0 || withheld === data.size)
    throw new RecoError(
      "bad-option",
      `${withheld === 0 ? "No" : "Every"} interaction is at ${at} or later, so one part would be empty. Choose another moment.`,
    );
  return cut(data, inTest, { method: "time-point", at, ...(options.at === undefined && { fraction: options.fraction ?? 0.2 }) });
}

function momentOf(time: Float64Array, fraction: number): number {
  checkFraction("fraction", fraction);
  const sorted = Float64Array.from(time, when).sort();
  const most = Math.floor(fraction * sorted.length + 1e-9);
  if (most === 0)
    throw new RecoError("bad-option", `A share of ${fraction} of ${sorted.length} interactions is less than one. Take a larger one.`);
  let first = sorted.length - most;
  while (first > 0 && first < sorted.length && sorted[first] === sorted[first - 1]) first++;
  if (first === sorted.length)
    throw new RecoError("bad-option", `More than ${fraction} of the interactions are at the last moment. Take a larger share.`);
  return sorted[first];
}
