import type { Command } from "commander";
import type { Id } from "../data/vocabulary.ts";
import type { Model } from "../model/model.ts";
import type { HistoryItem, Query } from "../model/query.ts";
import { RecoError } from "../util/errors.ts";
import { collect, historyList, moment } from "./flag-values.ts";
import { itemWords } from "./item-list.ts";
import { counted } from "./numbers.ts";

export interface QueryFlags {
  readonly user: readonly string[];
  readonly history?: readonly (Id | HistoryItem)[];
  readonly at?: Date;
}

/** Adds `--user`, `--history` and `--at`: who a trained model answers for, and when. */
export function addQueryFlags(command: Command): Command {
  return command
    .option("--user <id>", "a user in the training data; repeatable", collect, [])
    .option(
      "--history <items>",
      'anyone else, by their items: comma-separated ids, or JSON such as \'[{"item":"50","weight":4}]\'',
      historyList,
    )
    .option("--at <time>", "answer as of this time, such as 2024-01-31 (default: now); used by models that need times", moment);
}

/** The queries requested by the flags; may be empty. @throws RecoError `bad-input`, `unknown-user`, `unsupported` */
export function queriesOf({ user, history, at }: QueryFlags, model: Model): Query[] {
  const asked = momentOf(model, at);
  if (history !== undefined) {
    if (user.length > 0)
      throw new RecoError("bad-input", "Pass either --user or --history, not both. The model already has the history of each user.");
    return [{ history, ...asked }];
  }
  if (user.length > 0 && model.users.size === 0)
    throw new RecoError(
      "unsupported",
      "This model was saved without histories, so it has no users. Pass the items of a user with --history.",
    );
  return user.map((id) => ({ user: model.users.id(model.users.require(id)), ...asked }));
}

/** The time of the query, for models that need one: the given time, or now. */
export function momentOf({ needs }: Model, at: Date | undefined): Pick<Query, "at"> {
  return needs.includes("times") ? { at: at ?? new Date() } : {};
}

/** The user or history of a query, for JSON. */
export function queryJson(query: Query, model: Model): { user: Id } | { history: HistoryItem[] } {
  if (query.history === undefined) return { user: query.user };
  return {
    history: query.history.map((entry) => {
      const { item, weight = 1 }: HistoryItem = typeof entry === "object" ? entry : { item: entry };
      return { item: model.items.id(model.items.require(item)), weight };
    }),
  };
}

/** The user or history of a query, for people. */
export function queryWords(query: Query, model: Model): string {
  if (query.history === undefined) {
    const row = model.users.require(query.user);
    return `user ${query.user} (${counted(model.histories.offsets[row + 1] - model.histories.offsets[row], "interaction")})`;
  }
  if (query.history.length === 0) return "a user without a history";
  const names = query.history.map((entry) => itemWords(typeof entry === "object" ? entry.item : entry, model));
  return `a history with ${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`;
}
