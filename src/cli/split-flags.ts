import { type Command, Option } from "commander";
import type { Dataset } from "../data/dataset.ts";
import type { Split } from "../data/split.ts";
import { RecoError } from "../util/errors.ts";
import { timeOf } from "./data-flags.ts";
import { numberBetween, wholeNumber } from "./flag-values.ts";

const methods = ["leave-last", "random", "time", "held-out", "k-fold"] as const;

/** How data is cut into what models learn from and what they must predict. */
export interface SplitFlags {
  readonly split?: (typeof methods)[number];
  readonly testShare?: number;
  readonly leave?: number;
  readonly at?: string;
  readonly historyShare?: number;
  readonly folds?: number;
  readonly seed: number;
}

/** Which flags belong to which way of splitting. */
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

/** Adds `--split` and what goes with it. */
export function addSplitFlags(command: Command): Command {
  const add = (option: Option) => command.addOption(option.helpGroup("Splitting:"));
  add(
    new Option(
      "--split <how>",
      "withhold each user's last interactions, a random share, all after a time, part of the histories of held-out users, or each fold in turn",
    )
      .choices(methods)
      .default(undefined, "leave-last with times, random without"),
  );
  add(new Option("--leave <number>", "leave-last: interactions withheld of each user (default: 1)").argParser(wholeNumber(1)));
  add(
    new Option("--test-share <share>", "random, time: share of the interactions; held-out: of the users (default: 0.2)").argParser(
      numberBetween(0, 1),
    ),
  );
  add(new Option("--at <time>", "time: withhold from this time on, a date such as 2024-01-31 or a number as in the data"));
  add(
    new Option("--history-share <share>", "held-out: share of their histories that models may see (default: 0.8)").argParser(
      numberBetween(0, 1),
    ),
  );
  add(new Option("--folds <number>", "k-fold: number of folds (default: 5)").argParser(wholeNumber(2)));
  add(new Option("--seed <number>", "seed of all random choices").argParser(wholeNumber(0)).default(1));
  return command;
}

/** Cuts data as the flags say: into one split, or into one a fold. @throws RecoError `bad-input` for flags that do not go together */
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

/** Refuses flags that belong to another way of splitting than the one asked for. @throws RecoError `bad-input` */
export function checkSplitFlags(flags: SplitFlags): void {
  for (const [flag, name] of Object.entries(names)) {
    if (flags[flag as keyof SplitFlags] === undefined) continue;
    const right = methods.filter((method) => uses[method].includes(flag as keyof SplitFlags));
    if (flags.split === undefined || !right.includes(flags.split))
      throw new RecoError(
        "bad-input",
        `${name} goes with --split ${right.join(" or ")}${flags.split ? `, not with ${flags.split}` : ": say which"}.`,
      );
  }
  if (flags.at !== undefined && flags.testShare !== undefined) throw new RecoError("bad-input", "Give --at or --test-share, not both.");
}

function methodOf(data: Dataset, { split }: SplitFlags): (typeof methods)[number] {
  return split ?? (data.interactions.time === undefined ? "random" : "leave-last");
}
