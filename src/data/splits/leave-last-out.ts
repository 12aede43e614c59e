import { RecoError } from "../../util/errors.ts";
import type { Dataset } from "../dataset.ts";
import type { Split } from "../split.ts";
import { cut, rowsOfUsersInTime } from "./cut.ts";

/**
 * Holds out the last `n` interactions of each user, by time; of two with the same time, the one further down in the data is later. Without times,
 * the order of the data is used. Each user keeps at least one interaction, so users with only one are not tested.
 *
 * @param options `n`: a whole number of at least 1, 1 by default
 * @throws RecoError `bad-option`
 */
export function leaveLastOut(data: Dataset, options: { readonly n?: number } = {}): Split {
  const { n = 1 } = options;
  if (!Number.isInteger(n) || n < 1) throw new RecoError("bad-option", `n must be a whole number of at least 1, not ${n}.`);
  const { rows, offsets } = rowsOfUsersInTime(data);
  const inTest = new Uint8Array(data.size);
  for (let u = 0; u < data.users.size; u++)
    for (let i = Math.max(offsets[u] + 1, offsets[u + 1] - n); i < offsets[u + 1]; i++) inTest[rows[i]] = 1;
  return cut(data, inTest, { method: "leave-last-out", n });
}
