import { RecoError } from "../../util/errors.ts";
import { Random } from "../../util/random.ts";
import type { Dataset } from "../dataset.ts";
import type { Split } from "../split.ts";
import { checkFraction, checkSeed, cut, rowsOfUsers } from "./cut.ts";

/**
 * Holds out interactions at random: a share of each user's (`by: "user"`, the default), or of all interactions together (`by: "all"`).
 *
 * By user, floor(share x count + 1/2) rows of each user are held out, but at least one always remains, so users with one interaction are not
 * tested. Repeats of a user-item pair may end up in both parts; if they must not, merge them first.
 *
 * @param options `fraction`: the share held out, in (0, 1), .2 by default; `seed`: a whole number of at least 0
 * @throws RecoError `bad-option`
 */
export function randomHoldout(
  data: Dataset,
  options: { readonly fraction?: number; readonly seed?: number; readonly by?: "user" | "all" } = {},
): Split {
  const { fraction = 0.2, seed = 0, by = "user" } = options;
  checkFraction("fraction", fraction);
  checkSeed(seed);
  if (by !== "user" && by !== "all") throw new RecoError("bad-option", `by must be "user" or "all", not ${JSON.stringify(by)}.`);
  const random = new Random(seed);
  const inTest = new Uint8Array(data.size);
  const withhold = (rows: Uint32Array) => {
    const count = Math.min(Math.floor(fraction * rows.length + 0.5), rows.length - 1);
    random.shuffle(rows);
    for (let i = 0; i < count; i++) inTest[rows[i]] = 1;
  };
  if (by === "all") withhold(Uint32Array.from({ length: data.size }, (_, row) => row));
  else {
    const { rows, offsets } = rowsOfUsers(data);
    for (let u = 0; u < data.users.size; u++) withhold(rows.subarray(offsets[u], offsets[u + 1]));
  }
  return cut(data, inTest, { method: "random-holdout", fraction, seed, by });
}
