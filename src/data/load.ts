import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";
import type { Dataset } from "./dataset.ts";
import type { Interactions } from "./interactions.ts";
import type { Layout } from "./layouts/layout.ts";
import { lightgcn } from "./layouts/lightgcn.ts";
import { movielens1m } from "./layouts/movielens-1m.ts";
import { movielens100k } from "./layouts/movielens-100k.ts";
import { sasrec } from "./layouts/sasrec.ts";
import type { LoadOptions, ReadOptions } from "./load-options.ts";
import { Groups } from "./readers/moments.ts";
import { readFiles } from "./readers/read-files.ts";
import { findSources } from "./readers/sources.ts";
import { mergeRepeats, type RepeatPolicy } from "./repeats.ts";
import type { Split } from "./split.ts";

/** Every layout that {@link loadDataset} accepts by name. */
export const layouts: readonly Layout[] = [movielens100k, movielens1m, lightgcn, sasrec];

/**
 * Reads interactions from CSV, TSV or other delimited text, JSON Lines or Parquet, gzipped or not: one file, several, a glob, or `"-"` for
 * standard input. Detects the format, the delimiter, the header and the columns unless you pass them.
 *
 * If all ids of a column are integers in their shortest form, they become numbers; otherwise they stay strings ("007" is not 7). Times become
 * milliseconds since 1970; numbers that can't be dates only give the order. Ids are numbered in order of first appearance.
 *
 * @throws RecoError `not-found` for a missing file, `bad-data` with file, line and value of the first bad rows and the total count,
 * `empty-data` if there are no rows, `bad-input` for options that don't fit the file
 *
 * @example
 * ```ts
 * import { formatSummary, loadDataset } from "recobase";
 * const data = await loadDataset("ratings.csv", { user: "user_id", item: "movie_id", time: "ts" });
 * console.log(formatSummary(data));
 * ```
 */
export async function loadDataset(source: string | readonly string[], options: LoadOptions = {}): Promise<Dataset> {
  return read(source, options);
}

async function read(source: string | readonly string[], options: ReadOptions): Promise<Dataset> {
  if (options.delimiter !== undefined && !/^[^\n\r"]+$/.test(options.delimiter))
    throw new RecoError("bad-input", "The delimiter is one character or more, without line breaks or double quotes.");
  const layout = findLayout(options.layout);
  // An item can be in several sessions or baskets of a user.
  const usual = options.session !== undefined || options.basket !== undefined ? "all" : "last";
  if (layout !== undefined) {
    const { layout: _, ...rest } = options;
    if (typeof source !== "string") throw new RecoError("bad-input", `The layout ${layout.name} takes one folder or file, not a list.`);
    return withoutRepeats(await layout.load(source, rest), options.repeats ?? layout.repeats ?? usual);
  }
  return withoutRepeats(await readFiles(await findSources(source), options), options.repeats ?? usual);
}

/**
 * Reads a ready-made split: the parts of a layout that has them (`lightgcn`: train.txt and test.txt in a folder), or any two files. Both parts
 * share their vocabularies, in which ids of the training part come first, and their sessions and baskets.
 *
 * @throws RecoError like {@link loadDataset}; `unsupported` for a folder whose layout has no parts
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
    throw new RecoError("unsupported", `Pass { train, test } files, or the folder of a layout that has both parts: ${able.join(", ")}.`);
  }
  const files = typeof source === "string" ? await (layout as Required<Layout>).parts(source) : source;
  const groups = new Groups();
  const train = await read(files.train, { ...options, groups });
  const test = await read(files.test, { ...options, groups });
  const all = withSameGroups(train.append(test), train.interactions, test.interactions);
  const rows = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
  return {
    train: all.select(rows(0, train.size), { step: "split", method: "files", part: "train" }),
    test: all.select(rows(train.size, all.size), { step: "split", method: "files", part: "test" }),
  };
}

/** Undoes the renumbering of {@link Dataset.append}: sessions and baskets that go on in the second part keep their numbers. */
function withSameGroups(all: Dataset, train: Interactions, test: Interactions): Dataset {
  const both = (a: Uint32Array | undefined, b: Uint32Array | undefined) => {
    if (a === undefined || b === undefined) return undefined;
    const stacked = new Uint32Array(a.length + b.length);
    stacked.set(a);
    stacked.set(b, a.length);
    return stacked;
  };
  const [session, basket] = [both(train.session, test.session), both(train.basket, test.basket)];
  return all.with({ interactions: { ...all.interactions, ...(session && { session }), ...(basket && { basket }) } });
}

function findLayout(name: string | undefined): Layout | undefined {
  if (name === undefined) return undefined;
  const found = layouts.find((layout) => layout.name === name);
  const known = layouts.map((layout) => layout.name);
  if (found === undefined)
    throw new RecoError("bad-input", `Unknown layout "${name}".${didYouMean(name, known)} Known layouts: ${known.join(", ")}.`);
  return found;
}

function withoutRepeats(data: Dataset, repeats: RepeatPolicy): Dataset {
  const { interactions, merged } = mergeRepeats(data.interactions, data.users.size, data.items.size, data.eventTypes.length, repeats);
  const provenance = data.provenance.map((step) => (step.step === "load" ? { ...step, repeats, merged } : step));
  return data.with({ interactions, provenance });
}
