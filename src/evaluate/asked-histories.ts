import { takeFeatures } from "../data/features.ts";
import { when } from "../data/splits/cut.ts";
import type { Histories } from "../model/histories.ts";
import { historiesOf } from "../model/known-histories.ts";
import type { Model } from "../model/model.ts";
import type { Targets } from "./targets.ts";

/** What evaluation needs of a fitted model; every {@link Model} has it. Without `needs` it is shown bags of items. */
export type RankingModel = Pick<Model, "name" | "family" | "options" | "predicts" | "items" | "rank" | "scores"> &
  Partial<Pick<Model, "needs" | "repeats">>;

/** The histories of the evaluated users from row `from` to row `to` - 1. */
export type AskedHistories = (from: number, to: number) => Histories;

/**
 * The histories of the evaluated users as a model is asked about them: at the moment of the first withheld interaction of each, in its
 * context and its session or basket. So a model knows when and where the answer is wanted, and nothing that came later.
 */
export function askedHistories(model: RankingModel, { users, split }: Targets): AskedHistories {
  const { needs = [] } = model;
  const { time, context, session, basket } = split.test.interactions;
  const rows = firstRows(split.test.interactions.user, time, split.test.users.size);
  const first = Uint32Array.from(users, (user) => rows[user]);
  const groups = needs.includes("sessions") ? session : needs.includes("baskets") ? basket : undefined;
  const ongoing = groups && rows.map((row) => (row === NONE ? NONE : groups[row]));
  const histories = historiesOf(split.history, model, ongoing);
  const at = needs.includes("times") && time ? Float64Array.from(first, (row) => time[row]) : undefined;
  return (from, to) => {
    const block = histories.take(users.subarray(from, to));
    if (at === undefined && !(needs.includes("context") && context)) return block;
    return block.askedAt({
      at: at?.subarray(from, to),
      context: needs.includes("context") && context ? takeFeatures(context, Int32Array.from(first.subarray(from, to))) : undefined,
    });
  };
}

const NONE = 0xffffffff;

/** The earliest row of each user; of two at one time, the one that stands first. */
function firstRows(user: Uint32Array, time: Float64Array | undefined, users: number): Uint32Array {
  const rows = new Uint32Array(users).fill(NONE);
  for (let row = 0; row < user.length; row++) {
    const before = rows[user[row]];
    if (before === NONE || (time !== undefined && when(time[row]) < when(time[before]))) rows[user[row]] = row;
  }
  return rows;
}
