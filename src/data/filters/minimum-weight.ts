import { RecoError } from "../../util/errors.ts";
import type { Dataset } from "../dataset.ts";
import { rowsWhere } from "../interactions.ts";

/**
 * The interactions with a weight of at least `minimum`, such as ratings of 4 and up as likes. The vocabularies don't change (see {@link compact}).
 *
 * @throws RecoError `bad-option` if `minimum` is not a number
 */
export function minimumWeight(data: Dataset, minimum: number): Dataset {
  if (!Number.isFinite(minimum)) throw new RecoError("bad-option", `The minimum weight must be a number, not ${minimum}.`);
  const { weight } = data.interactions;
  // Weights are stored in single precision, so round the minimum the same way: 3.3 must equal a stored 3.3.
  const least = Math.fround(minimum);
  return data.select(
    rowsWhere(data.size, (row) => (weight === undefined ? 1 : weight[row]) >= least),
    { step: "minimum-weight", minimum },
  );
}
