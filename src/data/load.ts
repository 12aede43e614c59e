import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";
import type { OnProgress } from "../util/progress.ts";
import type { Dataset } from "./dataset.ts";
import { layouts } from "./layouts/index.ts";
import type { Layout } from "./layouts/layout.ts";
import type { ColumnRef, Role } from "./readers/columns.ts";
import { readFiles } from "./readers/read-files.ts";
import { findSources } from "./readers/sources.ts";
import { mergeRepeats, type RepeatPolicy } from "./repeats.ts";
import type { Split } from "./split.ts";

/** How files are read. Everything has a guess or a default; what was guessed stands in the provenance ({@link formatSummary}). */
export interface LoadOptions extends Partial<Record<Role, ColumnRef>> {
  /** Column of the user ids: its name, or its place from 0. */
  readonly user?: ColumnRef;
  /** Column of the item ids. */
  readonly item?: ColumnRef;
  /** Column of ratings, counts or confidences; false for none. */
  readonly weight?: ColumnRef;
  /** Column of times: Unix seconds (milliseconds, …), ISO dates, or any ascending number; false for none. */
  readonly time?: ColumnRef;
  /** Column of event types (view, cart, buy); false for none. */
  readonly type?: ColumnRef;
  /** A well-known arrangement of files, by name: `movielens-100k`, `movielens-1m`, `lightgcn`, `sasrec`. */
  readonly layout?: string;
  readonly format?: "delimited" | "json-lines" | "parquet";
  /** What stands between the fields of a delimited file: `","`, `"\t"`, `"::"`. */
  readonly delimiter?: string;
  /** Whether the first row names the columns. */
  readonly header?: boolean;
  /** Whether a row that cannot be read is an error (`"fail"`, the default), or is left out and counted. */
  readonly onError?: "fail" | "skip";
  /** What becomes of several interactions of one user with one item; `"last"` by default, `"all"` in layouts that are sequences. */
  readonly repeats?: RepeatPolicy;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Reads interactions from CSV, TSV or any delimited text, JSON lines or Parquet: gzipped or not, one file or many, a glob, or `"-"` for
 * standard input. The format, the delimiter, the header and the columns are found out unless they are given.
 *
 * Ids that are all integers in their shortest form become numbers, others stay strings ("007" is not 7). Times become milliseconds since
 * 1970, unless their numbers are no dates: then they only order. Indices follow the first appearance of an id.
 *
 * @throws RecoError `not-found` for a missing file, `bad-data` with file, line and value of the first bad rows and the count of all,
 * `empty-data` when there is no row, `bad-input` for options that do not fit the file
 *
 * @example
 * ```ts
 * import { formatSummary, loadDataset } from "recobase";
 * const data = await loadDataset("ratings.csv", { user: "user_id", item: "movie_id", time: "ts" });
 * console.log(formatSummary(data));
 * ```
 */
export async function loadDataset(source: string | readonly string[], options: LoadOptions = {}): Promise<Dataset> {
  if (options.delimiter !== undefined && !/^[^\n\r"]+$/.test(options.delimiter))
    throw new RecoError("bad-input", "The delimiter is one character or more, without line ends and double quotes.");
  const layout = findLayout(options.layout);
  if (layout !== undefined) {
    const { layout: _, ...rest } = options;
    if (typeof source !== "string")
      throw new RecoError("bad-input", `The layout ${layout.name} is read from one folder or file, not from a list.`);
    return withoutRepeats(await layout.load(source, rest), options.repeats ?? layout.repeats ?? "last");
  }
  return withoutRepeats(await readFiles(await findSources(source), options), options.repeats ?? "last");
}

/**
 * Reads a split that comes with the data: the parts of a layout that has them (`lightgcn`: train.txt and test.txt of a folder), or any
 * two files. Both parts share their vocabularies, those of the training part first.
 *
 * @throws RecoError as {@link loadDataset}; `unsupported` when a folder is given and its layout has no parts
 *
 * @example
 * ```ts
 * import { loadSplit } from "recobase";
 * const gowalla = await loadSplit("gowalla", { layout: "lightgcn" });
 * const fold = await loadSplit({ train: "u1.base", test: "u1.test" }, { layout: "movielens-100k" });
 * ```
 */
export async function loadSplit(
  source: string | { readonly train: string; readonly test: string },
  options: LoadOptions = {},
): Promise<Split> {
  const layout = findLayout(options.layout);
  if (typeof source === "string" && layout?.parts === undefined) {
    const able = layouts.filter(({ parts }) => parts !== undefined).map(({ name }) => name);
    throw new RecoError(
      "unsupported",
      `A split is read from { train, test } files, or from the folder of a layout that has both: ${able.join(", ")}.`,
    );
  }
  const files = typeof source === "string" ? await (layout as Required<Layout>).parts(source) : source;
  const train = await loadDataset(files.train, options);
  const test = await loadDataset(files.test, options);
  const all = train.append(test);
  const rows = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
  return {
    train: all.select(rows(0, train.size), { step: "split", method: "files", part: "train" }),
    test: all.select(rows(train.size, all.size), { step: "split", method: "files", part: "test" }),
  };
}

function findLayout(name: string | undefined): Layout | undefined {
  if (name === undefined) return undefined;
  const found = layouts.find((layout) => layout.name === name);
  const known = layouts.map((layout) => layout.name);
  if (found === undefined)
    throw new RecoError("bad-input", `No layout is called "${name}".${didYouMean(name, known)} There are ${known.join(", ")}.`);
  return found;
}

function withoutRepeats(data: Dataset, repeats: RepeatPolicy): Dataset {
  const { interactions, merged } = mergeRepeats(data.interactions, data.users.size, data.items.size, data.eventTypes.length, repeats);
  const provenance = data.provenance.map((step) => (step.step === "load" ? { ...step, repeats, merged } : step));
  return data.with({ interactions, provenance });
}
