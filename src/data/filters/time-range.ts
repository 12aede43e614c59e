import { RecoError } from "../../util/errors.ts";
import type { Dataset } from "../dataset.ts";
import { rowsWhere } from "../interactions.ts";

/**
 * The interactions from `from` (inclusive) to `to` (exclusive). Rows with an unknown time are dropped. The vocabularies don't change (see
 * {@link compact}).
 *
 * @param range milliseconds since 1970 or a Date; plain numbers if the times of the data are only an order. An omitted bound is open.
 * @throws RecoError `bad-option` for bounds that are not times or in the wrong order; `unsupported` if the data has no times
 */
export function timeRange(data: Dataset, range: { readonly from?: number | Date; readonly to?: number | Date }): Dataset {
  const from = Number(range.from ?? Number.NEGATIVE_INFINITY);
  const to = Number(range.to ?? Number.POSITIVE_INFINITY);
  if (Number.isNaN(from) || Number.isNaN(to) || from > to)
    throw new RecoError("bad-option", `Invalid time range: from ${range.from} to ${range.to}.`);
  const { time } = data.interactions;
  if (time === undefined) throw new RecoError("unsupported", "The data has no times, so it can't be filtered by time.");
  const bounds = { ...(range.from !== undefined && { from }), ...(range.to !== undefined && { to }) };
  return data.select(
    rowsWhere(data.size, (row) => time[row] >= from && time[row] < to),
    { step: "time-range", ...bounds },
  );
}
