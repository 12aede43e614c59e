import { type Command, Option } from "commander";
import type { Dataset } from "../data/dataset.ts";
import type { LoadOptions } from "../data/load-options.ts";
import { parseTimeText, type TimeUnit, toMilliseconds } from "../data/readers/times.ts";
import { RecoError } from "../util/errors.ts";
import { finiteNumber, nameList, wholeNumber } from "./flag-values.ts";
import type { ProgressLine } from "./progress-line.ts";

/** Flags for reading and filtering a file, shared by every command that takes interactions. */
export interface DataFlags {
  readonly layout?: string;
  readonly user?: string;
  readonly item?: string;
  readonly rating?: string;
  readonly time?: string;
  readonly type?: string;
  readonly session?: string;
  readonly basket?: string;
  readonly context?: readonly string[];
  readonly format?: LoadOptions["format"];
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly onError: "fail" | "skip";
  readonly repeats?: LoadOptions["repeats"];
  readonly events?: readonly string[];
  readonly minRating?: number;
  readonly from?: string;
  readonly to?: string;
  readonly kCore?: number;
}

/** Adds the flags for reading and filtering files. `repeats` is the default of the command, for the help. */
export function addDataFlags(command: Command, repeats: "last" | "all" = "last"): Command {
  const group = (heading: string) => (option: Option) => command.addOption(option.helpGroup(heading));
  const reading = group("Reading (detected by default):");
  reading(new Option("--layout <name>", "the file layout of a public data set: movielens-100k, movielens-1m, lightgcn, sasrec"));
  reading(new Option("--user <column>", "column of user ids: its name, or its position from 0"));
  reading(new Option("--item <column>", "column of item ids"));
  reading(new Option("--rating <column>", 'column of ratings, counts or weights; "none" for none'));
  reading(new Option("--time <column>", 'column of times; "none" for none'));
  reading(new Option("--type <column>", 'column of event types; "none" for none'));
  reading(new Option("--session <column>", "column of sessions"));
  reading(new Option("--basket <column>", "column of baskets, such as order ids"));
  reading(new Option("--context <columns>", "columns with the context of each interaction, separated by commas").argParser(nameList));
  reading(new Option("--format <format>", "file format").choices(["delimited", "json-lines", "parquet"]));
  reading(
    new Option("--delimiter <text>", 'field delimiter, such as ";" or "::" or "\\t"').argParser((text) => text.replaceAll("\\t", "\t")),
  );
  reading(new Option("--header", "the first row has column names"));
  reading(new Option("--no-header", "it doesn't"));
  reading(
    new Option("--on-error <what>", "whether to stop at unreadable rows, or skip and count them").choices(["fail", "skip"]).default("fail"),
  );
  reading(
    new Option("--repeats <what>", "several rows with the same user and item: keep the last, the sum or the maximum of the weights, or all")
      .choices(["last", "sum", "max", "all"])
      .default(undefined, repeats),
  );
  const filtering = group("Filtering (in this order):");
  filtering(new Option("--events <names>", "only these event types, separated by commas").argParser(nameList));
  filtering(new Option("--min-rating <number>", "only interactions with at least this rating").argParser(finiteNumber));
  filtering(new Option("--from <time>", "only from this time on: a date such as 2024-01-31, or a number as in the data"));
  filtering(new Option("--to <time>", "only before this time"));
  filtering(new Option("--k-core <number>", "only users and items with at least this many interactions").argParser(wholeNumber(1)));
  return command;
}

/** The flags as options of `loadDataset`. */
export function loadOptions(flags: DataFlags): LoadOptions {
  const column = (name: string | undefined) => (name === "none" ? (false as const) : name);
  const { layout, user, item, session, basket, context, format, delimiter, header, onError, repeats } = flags;
  const [weight, time, type] = [column(flags.rating), column(flags.time), column(flags.type)];
  return {
    onError,
    ...(layout !== undefined && { layout }),
    ...(user !== undefined && { user }),
    ...(item !== undefined && { item }),
    ...(weight !== undefined && { weight }),
    ...(time !== undefined && { time }),
    ...(type !== undefined && { type }),
    ...(session !== undefined && { session }),
    ...(basket !== undefined && { basket }),
    ...(context !== undefined && { context }),
    ...(format !== undefined && { format }),
    ...(delimiter !== undefined && { delimiter }),
    ...(header !== undefined && { header }),
    ...(repeats !== undefined && { repeats }),
  };
}

/** Reads and filters files, and summarizes on standard error what was read and detected. */
export async function readData(files: readonly string[], flags: DataFlags, progress: ProgressLine): Promise<Dataset> {
  const { loadDataset } = await import("../data/load.ts");
  const loaded = await loadDataset(files.length === 1 ? files[0] : files, { ...loadOptions(flags), onProgress: progress.report });
  const data = await filtered(loaded, flags);
  await noteSummary(data, progress);
  return data;
}

/** Notes what the data is and where it comes from. */
export async function noteSummary(data: Dataset, progress: ProgressLine): Promise<void> {
  const { formatSummary } = await import("../data/summary.ts");
  progress.clear();
  progress.note(`${formatSummary(data)}\n`);
}

/** The filter flags that were given, for commands that reject them. */
export function filtersGiven(flags: DataFlags): string[] {
  const { minRating, events, from, to, kCore } = flags;
  return Object.entries({ "--events": events, "--min-rating": minRating, "--from": from, "--to": to, "--k-core": kCore }).flatMap(
    ([name, value]) => (value === undefined ? [] : [name]),
  );
}

async function filtered(data: Dataset, flags: DataFlags): Promise<Dataset> {
  const given = filtersGiven(flags);
  if (given.length === 0) return data;
  const { kCore, minimumWeight, onlyEvents, timeRange, compact } = await import("../data/index.ts");
  let left = data;
  if (flags.events !== undefined) left = onlyEvents(left, flags.events);
  if (flags.minRating !== undefined) {
    if (data.interactions.weight === undefined)
      throw new RecoError("bad-input", "--min-rating needs ratings, and the data has none. Name their column with --rating.");
    left = minimumWeight(left, flags.minRating);
  }
  const bound = (text: string | undefined) => (text === undefined ? undefined : timeOf(text, data));
  const [from, to] = [bound(flags.from), bound(flags.to)];
  if (from !== undefined || to !== undefined)
    left = timeRange(left, { ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
  if (left.size === 0)
    throw new RecoError("empty-data", `No interactions are left of ${data.size.toLocaleString("en")} after ${given.join(", ")}.`);
  left = compact(left);
  return flags.kCore === undefined ? left : kCore(left, { user: flags.kCore, item: flags.kCore });
}

/** A point in time on the clock of the dataset, from a date or from a number as in the file. @throws RecoError `bad-input` */
export function timeOf(text: string, data: Dataset): number {
  const unit = data.provenance.find(({ step }) => step === "load")?.timeUnit as TimeUnit | "date" | undefined;
  if (unit !== "clock" && /^\d{4}(-\d\d)?$/.test(text)) return Date.parse(text);
  const { form, value } = parseTimeText(text);
  if (Number.isNaN(value) || (unit === "clock" && form === "date"))
    throw new RecoError(
      "bad-input",
      `"${text}" is not a time. Use ${unit === "clock" ? "a number as in the data" : "a date such as 2024-01-31, or a number as in the data"}.`,
    );
  if (form === "date" || unit === undefined || unit === "date") return value;
  const times = Float64Array.of(value);
  toMilliseconds(times, unit);
  return times[0];
}
