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

/** Adds `--user` and `--history`: for whom a trained model answers. */
export function addQueryFlags(command: Command): Command {
  return command
    .option("--user <id>", "a user of the training data; repeatable", collect, [])
    .option(
      "--history <items>",
      'or anybody, by what they did: item ids with commas between, or JSON such as \'[{"item":"50","weight":4}]\'',
      historyList,
    )
    .option("--at <time>", "the moment to answer for, such as 2024-01-31; now by default (only for models that need times)", moment);
}

/** The queries that the flags ask for, or none. @throws RecoError `bad-input`, `unknown-user`, `unsupported` */
export function queriesOf({ user, history, at }: QueryFlags, model: Model): Query[] {
  const asked = momentOf(model, at);
  if (history !== undefined) {
    if (user.length > 0) throw new RecoError("bad-input", "Give --user or --history, not both: a user is asked for by their history.");
    return [{ history, ...asked }];
  }
  if (user.length > 0 && model.users.size === 0)
    throw new RecoError("unsupported", "This model was saved without histories, so it knows no users. Give their items with --history.");
  return user.map((id) => ({ user: model.users.id(model.users.require(id)), ...asked }));
}

/** When a model that needs times is asked: at the time given, or now. */
export function momentOf({ needs }: Model, at: Date | undefined): Pick<Query, "at"> {
  return needs.includes("times") ? { at: at ?? new Date() } : {};
}

/** Who asked, for JSON: the id as the data has it, or the history. */
export function queryJson(query: Query, model: Model): { user: Id } | { history: HistoryItem[] } {
  if (query.history === undefined) return { user: query.user };
  return {
    history: query.history.map((entry) => {
      const { item, weight = 1 }: HistoryItem = typeof entry === "object" ? entry : { item: entry };
      return { item: model.items.id(model.items.require(item)), weight };
    }),
  };
}

/** Who asked, for people. */
export function queryWords(query: Query, model: Model): string {
  if (query.history === undefined) {
    const row = model.users.require(query.user);
    return `user ${query.user} (${counted(model.histories.offsets[row + 1] - model.histories.offsets[row], "interaction")})`;
  }
  if (query.history.length === 0) return "somebody without a history";
  const names = query.history.map((entry) => itemWords(typeof entry === "object" ? entry.item : entry, model));
  return `a history of ${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`;
}
