import { RecoError } from "../../util/errors.ts";
import type { Dataset } from "../dataset.ts";
import { rowsWhere } from "./rows-where.ts";

/**
 * The interactions from `from` on (inclusive) and before `to` (exclusive). Rows of unknown time go. The vocabularies stay
 * (see {@link compact}).
 *
 * @param range milliseconds since 1970 or a Date; plain numbers where the times of the data are but an order. A bound left out is none.
 * @throws RecoError `bad-option` for bounds that are no times or in the wrong order; `unsupported` when the data has no times
 */
export function timeRange(data: Dataset, range: { readonly from?: number | Date; readonly to?: number | Date }): Dataset {
  const from = Number(range.from ?? Number.NEGATIVE_INFINITY);
  const to = Number(range.to ?? Number.POSITIVE_INFINITY);
  if (Number.isNaN(from) || Number.isNaN(to) || from > to)
    throw new RecoError("bad-option", `There is no time from ${range.from} to ${range.to}.`);
  const { time } = data.interactions;
  if (time === undefined) throw new RecoError("unsupported", "The data has no times, so no range of them can be taken.");
  const bounds = { ...(range.from !== undefined && { from }), ...(range.to !== undefined && { to }) };
  return data.select(
    rowsWhere(data.size, (row) => time[row] >= from && time[row] < to),
    { step: "time-range", ...bounds },
  );
}
