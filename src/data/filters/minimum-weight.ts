import { RecoError } from "../../util/errors.ts";
import type { Dataset } from "../dataset.ts";
import { rowsWhere } from "./rows-where.ts";

/**
 * The interactions that weigh at least `minimum`: ratings of 4 and up as likes, say. The vocabularies stay (see {@link compact}).
 *
 * @throws RecoError `bad-option` when `minimum` is no number
 */
export function minimumWeight(data: Dataset, minimum: number): Dataset {
  if (!Number.isFinite(minimum)) throw new RecoError("bad-option", `The minimum weight is a number, not ${minimum}.`);
  const { weight } = data.interactions;
  // Weights are held in single precision, so that 3.3 is compared with what became of 3.3.
  const least = Math.fround(minimum);
  return data.select(
    rowsWhere(data.size, (row) => (weight === undefined ? 1 : weight[row]) >= least),
    { step: "minimum-weight", minimum },
  );
}
