import type { Csr } from "../data/csr.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Split } from "../data/split.ts";
import { RecoError } from "../util/errors.ts";

/** Which users are evaluated, and on what. Rows are positions in `users`; every array is in that order. */
export interface Targets {
  /** Indices of the users with held-out interactions, ascending. */
  readonly users: Uint32Array;
  /** The held-out items that can be recommended to each user: distinct, ascending, without those in the history. A row may be empty. */
  readonly relevant: Csr;
  /** What the model may know about all users: users x items. */
  readonly history: Csr;
  /** The parts of the split this was made from. */
  readonly split: { readonly test: Dataset; readonly history: Dataset };
  /** All held-out interactions, users x items; values are ratings. */
  readonly withheld: Csr;
  /** Held-out items ignored because the history contains them. */
  readonly repeats: number;
}

/** The targets of a split. @throws RecoError `empty-data` if nothing is held out, `bad-input` if parts have different vocabularies */
export function targetsOf({ train, test, history = train }: Split): Targets {
  for (const part of [test, history])
    if (part.users !== train.users || part.items !== train.items)
      throw new RecoError(
        "bad-input",
        "The parts of the split have different vocabularies. Make them with a split function, or with Dataset.select.",
      );
  if (test.size === 0) throw new RecoError("empty-data", "The test part of the split is empty, so there is nothing to evaluate.");
  const withheld = test.byUser();
  const known = history.byUser();
  const users = Uint32Array.from(withheld.offsets.keys())
    .subarray(0, withheld.rows)
    .filter((user) => withheld.offsets[user + 1] > withheld.offsets[user]);
  const offsets = new Uint32Array(users.length + 1);
  const indices = new Uint32Array(withheld.indices.length);
  let end = 0;
  let repeats = 0;
  for (let row = 0; row < users.length; row++) {
    const user = users[row];
    let seen = known.offsets[user];
    for (let i = withheld.offsets[user]; i < withheld.offsets[user + 1]; i++) {
      const item = withheld.indices[i];
      if (i > withheld.offsets[user] && withheld.indices[i - 1] === item) continue;
      while (seen < known.offsets[user + 1] && known.indices[seen] < item) seen++;
      if (seen < known.offsets[user + 1] && known.indices[seen] === item) repeats++;
      else indices[end++] = item;
    }
    offsets[row + 1] = end;
  }
  const relevant = {
    rows: users.length,
    columns: train.items.size,
    offsets,
    indices: indices.slice(0, end),
    values: new Float32Array(end).fill(1),
  };
  return { users, relevant, history: known, split: { test, history }, withheld, repeats };
}
