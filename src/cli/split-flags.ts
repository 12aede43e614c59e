import { type Command, Option } from "commander";
import type { Dataset } from "../data/dataset.ts";
import type { Split } from "../data/split.ts";
import { RecoError } from "../util/errors.ts";
import { timeOf } from "./data-flags.ts";
import { numberBetween, wholeNumber } from "./flag-values.ts";

const methods = ["leave-last", "random", "time", "held-out", "k-fold"] as const;

/** How data is split into what models learn from and what they must predict. */
export interface SplitFlags {
  readonly split?: (typeof methods)[number];
  readonly testShare?: number;
  readonly leave?: number;
  readonly at?: string;
  readonly historyShare?: number;
  readonly folds?: number;
  readonly seed: number;
}

/** The flags that each split uses. */
const uses: Record<(typeof methods)[number], readonly (keyof SplitFlags)[]> = {
  "leave-last": ["leave"],
  random: ["testShare"],
  time: ["testShare", "at"],
  "held-out": ["testShare", "historyShare"],
  "k-fold": ["folds"],
};

const names: Partial<Record<keyof SplitFlags, string>> = {
  testShare: "--test-share",
  leave: "--leave",
  at: "--at",
  historyShare: "--history-share",
  folds: "--folds",
};

/** Adds `--split` and its related flags. */
export function addSplitFlags(command: Command): Command {
  const add = (option: Option) => command.addOption(option.helpGroup("Splitting:"));
  add(
    new Option(
      "--split <how>",
      "what to hold out: each user's last interactions, a random share, everything after a point in time, part of the histories of users that models never see, or each fold in turn",
    )
      .choices(methods)
      .default(undefined, "leave-last, or random if the data has no times"),
  );
  add(new Option("--leave <number>", "leave-last: interactions to hold out per user (default: 1)").argParser(wholeNumber(1)));
  add(
    new Option(
      "--test-share <share>",
      "random, time: share of the interactions to hold out; held-out: share of the users (default: 0.2)",
    ).argParser(numberBetween(0, 1)),
  );
  add(new Option("--at <time>", "time: hold out everything from this time on, a date such as 2024-01-31 or a number as in the data"));
  add(
    new Option("--history-share <share>", "held-out: share of each history that models may see (default: 0.8)").argParser(
      numberBetween(0, 1),
    ),
  );
  add(new Option("--folds <number>", "k-fold: number of folds (default: 5)").argParser(wholeNumber(2)));
  add(new Option("--seed <number>", "random seed").argParser(wholeNumber(0)).default(1));
  return command;
}

/** Splits data as the flags say: one split, or one per fold. @throws RecoError `bad-input` for flags that can't be combined */
export async function cutData(data: Dataset, flags: SplitFlags): Promise<Split[]> {
  const { heldOutUsers, kFold, leaveLastOut, randomHoldout, timePoint } = await import("../data/index.ts");
  const { testShare, seed } = flags;
  const fraction = testShare === undefined ? {} : { fraction: testShare };
  switch (methodOf(data, flags)) {
    case "leave-last":
      return [leaveLastOut(data, { n: flags.leave ?? 1 })];
    case "random":
      return [randomHoldout(data, { ...fraction, seed })];
    case "time":
      return [timePoint(data, flags.at === undefined ? fraction : { at: timeOf(flags.at, data) })];
    case "held-out":
      return [heldOutUsers(data, { users: testShare ?? 0.2, historyFraction: flags.historyShare ?? 0.8, seed })];
    case "k-fold":
      return kFold(data, { folds: flags.folds ?? 5, seed });
  }
}

/** Rejects flags that the requested split doesn't use. @throws RecoError `bad-input` */
export function checkSplitFlags(flags: SplitFlags): void {
  for (const [flag, name] of Object.entries(names)) {
    if (flags[flag as keyof SplitFlags] === undefined) continue;
    const right = methods.filter((method) => uses[method].includes(flag as keyof SplitFlags));
    if (flags.split === undefined || !right.includes(flags.split))
      throw new RecoError("bad-input", `${name} needs --split ${right.join(" or ")}${flags.split ? `, not ${flags.split}` : ""}.`);
  }
  if (flags.at !== undefined && flags.testShare !== undefined)
    throw new RecoError("bad-input", "Pass either --at or --test-share, not both.");
}

function methodOf(data: Dataset, { split }: SplitFlags): (typeof methods)[number] {
  return split ?? (data.interactions.time === undefined ? "random" : "leave-last");
}
