import { type Command, Option } from "commander";
import type { Dataset } from "../data/dataset.ts";
import type { LoadOptions, ReadOptions } from "../data/load-options.ts";
import type { Groups } from "../data/readers/moments.ts";
import { parseTimeText, type TimeUnit, toMilliseconds } from "../data/readers/times.ts";
import { RecoError } from "../util/errors.ts";
import { finiteNumber, nameList, wholeNumber } from "./flag-values.ts";
import { count } from "./numbers.ts";
import type { ProgressLine } from "./progress-line.ts";

/** How files are read and filtered: the flags of every command that takes interactions. */
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
  readonly timeFormat?: string;
  readonly timeZone?: string;
  readonly titles?: string;
  readonly encoding?: string;
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

/** Adds the flags for reading and filtering files. `repeats` says what `--repeats` is by default for this command. */
export function addDataFlags(command: Command, repeats = "last"): Command {
  const group = (heading: string) => (option: Option) => command.addOption(option.helpGroup(heading));
  const reading = group("Reading (detected by default):");
  reading(new Option("--layout <name>", "file layout of a public data set: movielens-100k, movielens-1m, lightgcn, sasrec"));
  reading(new Option("--user <column>", "user column, by name or by position from 0"));
  reading(new Option("--item <column>", "item column"));
  reading(new Option("--rating <column>", 'column of ratings, counts or weights; "none" if there is none'));
  reading(new Option("--time <column>", 'time column; "none" if there is none'));
  reading(new Option("--type <column>", 'event type column; "none" if there is none'));
  reading(new Option("--session <column>", "session column"));
  reading(new Option("--basket <column>", "basket column, such as order ids"));
  reading(new Option("--context <columns>", "columns with the context of each interaction, comma-separated").argParser(nameList));
  reading(new Option("--format <format>", "file format").choices(["delimited", "json-lines", "parquet"]));
  reading(new Option("--time-format <form>", 'form of the times, such as "DD.MM.YYYY HH:mm" or "MM/DD/YYYY hh:mm A"'));
  reading(new Option("--time-zone <zone>", "zone of times that don't name one, such as Europe/Vienna (default: UTC)"));
  reading(new Option("--titles <file>", "catalog with the columns id and title, to show titles in place of item ids"));
  reading(new Option("--encoding <name>", "encoding of the file, such as windows-1252, latin1 or utf-16le"));
  reading(
    new Option("--delimiter <text>", 'separator between fields, such as ";" or "::" or "\\t"').argParser((text) =>
      text.replaceAll("\\t", "\t"),
    ),
  );
  reading(new Option("--header", "the first row contains column names"));
  reading(new Option("--no-header", "the first row is data"));
  reading(new Option("--on-error <what>", "stop at an unreadable row, or skip and count it").choices(["fail", "skip"]).default("fail"));
  reading(
    new Option(
      "--repeats <what>",
      "if a user and an item have several rows: keep the last, sum the weights, take the largest weight, or keep all",
    )
      .choices(["last", "sum", "max", "all"])
      .default(undefined, repeats),
  );
  const filtering = group("Filtering (applied in this order):");
  filtering(new Option("--events <names>", "keep only these event types, comma-separated").argParser(nameList));
  filtering(new Option("--min-rating <number>", "keep only interactions with at least this rating").argParser(finiteNumber));
  filtering(new Option("--from <time>", "keep only interactions from this time on: a date such as 2024-01-31, or a number as in the data"));
  filtering(new Option("--to <time>", "keep only interactions before this time"));
  filtering(
    new Option("--k-core <number>", "keep only users with this many distinct items, and items with this many distinct users").argParser(
      wholeNumber(1),
    ),
  );
  return command;
}

/** The options for `loadDataset`. */
export function loadOptions(flags: DataFlags): LoadOptions {
  const column = (name: string | undefined) => (name === "none" ? (false as const) : name);
  const { layout, user, item, session, basket, context, format, timeFormat, timeZone, encoding, delimiter, header, onError, repeats } =
    flags;
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
    ...(timeFormat !== undefined && { timeFormat }),
    ...(timeZone !== undefined && { timeZone }),
    ...(encoding !== undefined && { encoding }),
    ...(delimiter !== undefined && { delimiter }),
    ...(header !== undefined && { header }),
    ...(repeats !== undefined && { repeats }),
  };
}

/**
 * Reads and filters the files, and reports on standard error what was read and which format and columns were detected.
 *
 * @param groups keeps the ids of sessions
 */
export async function readData(files: readonly string[], flags: DataFlags, progress: ProgressLine, groups?: Groups): Promise<Dataset> {
  const { loadDataset } = await import("../data/load.ts");
  const options: ReadOptions = { ...loadOptions(flags), onProgress: progress.report, ...(groups !== undefined && { groups }) };
  const loaded = await titled(await loadDataset(files.length === 1 ? files[0] : files, options), flags, progress);
  const data = await filtered(loaded, flags);
  await noteSummary(data, progress);
  return data;
}

/** The data with the titles of a catalog, if there is one. Items without a title keep their ids. */
async function titled(data: Dataset, { titles: path, encoding }: DataFlags, progress: ProgressLine): Promise<Dataset> {
  if (path === undefined) return data;
  const { titlesIn } = await import("./titles.ts");
  const titles = await titlesIn(path, encoding, progress);
  const values = Array.from(data.items.ids, (id) => titles.get(String(id)) ?? "");
  const found = values.filter((title) => title !== "").length;
  progress.note(`${path}: titles of ${count(found)} of ${count(values.length)} items\n`);
  return data.with({ itemFeatures: { ...data.itemFeatures, title: { type: "text", values } } });
}

/** Reports what the data contains and how it was read. */
export async function noteSummary(data: Dataset, progress: ProgressLine): Promise<void> {
  const { formatSummary } = await import("../data/summary.ts");
  progress.clear();
  progress.note(`${formatSummary(data)}\n`);
}

/** The names of the filter flags that were passed, for error messages. */
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
      throw new RecoError(
        "bad-input",
        "--min-rating needs ratings, but the data has none. If a column contains them, name it with --rating.",
      );
    left = minimumWeight(left, flags.minRating);
  }
  const bound = (text: string | undefined) => (text === undefined ? undefined : timeOf(text, data));
  const [from, to] = [bound(flags.from), bound(flags.to)];
  if (from !== undefined || to !== undefined)
    left = timeRange(left, { ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
  if (left.size === 0) throw new RecoError("empty-data", `No interactions left: ${given.join(", ")} removed all ${count(data.size)}.`);
  left = compact(left);
  return flags.kCore === undefined ? left : kCore(left, { user: flags.kCore, item: flags.kCore });
}

/** Converts a date, or a number as in the file, to the time scale of the dataset. @throws RecoError `bad-input` */
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
