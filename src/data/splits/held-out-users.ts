import { RecoError } from "../../util/errors.ts";
import { Random } from "../../util/random.ts";
import type { Dataset } from "../dataset.ts";
import { rowsWhere } from "../interactions.ts";
import type { Split } from "../split.ts";
import { checkFraction, checkSeed, rowsOfUsers, splitStep } from "./cut.ts";

const TRAIN = 0;
const HISTORY = 1;
const TEST = 2;

/**
 * Holds out whole users (Liang et al. 2018, strong generalization): the model is fitted on the others, then gets a random share of each held-out
 * user's interactions (`history`), and is tested on the rest. Only users with two or more interactions are held out, and each has at least one in
 * both parts.
 *
 * The vocabularies are those of the data, so they include items that only held-out users have, untrained. Liang et al. remove those items from the
 * test.
 *
 * @param options `users`: how many to hold out (from 1), or which share of all (in (0, 1)), .1 by default; `historyFraction`: the share
 * shown, in (0, 1), .8 by default; `seed`: a whole number of at least 0
 * @throws RecoError `bad-option`, also if there are not enough users or none would be left to train on
 */
export function heldOutUsers(
  data: Dataset,
  options: { readonly users?: number; readonly historyFraction?: number; readonly seed?: number } = {},
): Split & { readonly history: Dataset } {
  const { users = 0.1, historyFraction = 0.8, seed = 0 } = options;
  checkFraction("historyFraction", historyFraction);
  checkSeed(seed);
  const { rows, offsets } = rowsOfUsers(data);
  const able: number[] = [];
  let active = 0;
  for (let u = 0; u < data.users.size; u++) {
    if (offsets[u + 1] > offsets[u]) active++;
    if (offsets[u + 1] - offsets[u] >= 2) able.push(u);
  }
  if (!(users > 0) || (users >= 1 && !Number.isInteger(users)))
    throw new RecoError("bad-option", `users must be a count of at least 1 or a share below 1, not ${users}.`);
  const count = users < 1 ? Math.max(1, Math.round(users * active)) : users;
  if (count > able.length || count >= active)
    throw new RecoError(
      "bad-option",
      `Can't hold out ${count} users: ${able.length} of ${active} have two interactions, and some must remain for training.`,
    );
  const random = new Random(seed);
  random.shuffle(able);
  const part = new Uint8Array(data.size);
  for (const u of able.slice(0, count).sort((a, b) => a - b)) {
    const own = random.shuffle(rows.slice(offsets[u], offsets[u + 1]));
    const shown = Math.min(Math.max(Math.round(historyFraction * own.length), 1), own.length - 1);
    own.forEach((row, i) => {
      part[row] = i < shown ? HISTORY : TEST;
    });
  }
  const step = { method: "held-out-users", users, historyFraction, seed };
  const rowsOf = (which: number, name: string) =>
    data.select(
      rowsWhere(data.size, (row) => part[row] === which),
      splitStep(step, name),
    );
  return { train: rowsOf(TRAIN, "train"), test: rowsOf(TEST, "test"), history: rowsOf(HISTORY, "history") };
}
