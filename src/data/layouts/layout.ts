import { RecoError } from "../../util/errors.ts";
import type { Dataset } from "../dataset.ts";
import type { ReadOptions } from "../load-options.ts";
import { readLines } from "../readers/lines.ts";
import { plainOrGzip, readBytes, type Source } from "../readers/sources.ts";
import type { RepeatPolicy } from "../repeats.ts";

/** The file layout of a public data set, by the name that `loadDataset` accepts. */
export interface Layout {
  readonly name: string;
  /** A one-line description of the files. */
  readonly about: string;
  /** How repeats are handled by default; "last" if omitted. */
  readonly repeats?: RepeatPolicy;
  /** Reads a folder with this layout, or one file of interactions; plain or gzipped. Repeats are kept. */
  load(source: string, options: ReadOptions): Promise<Dataset>;
  /** The two files of the split that comes with the data set. */
  parts?(folder: string): Promise<{ readonly train: string; readonly test: string }>;
}

/** The file of interactions, given directly or by its folder, plain or gzipped; and the folder. */
export async function inFolder(source: string, file: string, layout: string): Promise<{ path: string; folder: string }> {
  const { stat } = await import("node:fs/promises");
  const { dirname } = await import("node:path");
  const info = await stat(source).catch(() => undefined);
  if (info === undefined) throw new RecoError("not-found", `No such file or folder: ${source}.`);
  if (!info.isDirectory()) return { path: source, folder: dirname(source) };
  const path = await plainOrGzip(`${source}/${file}`);
  if (path === undefined)
    throw new RecoError("not-found", `The folder ${source} has no ${file} (or ${file}.gz), which the layout ${layout} requires.`);
  return { path, folder: source };
}

/** The rows of a small side table, split at `delimiter`; undefined if the folder has none. */
export async function readTable(path: string, delimiter: string, encoding: "utf-8" | "latin1"): Promise<string[][] | undefined> {
  const found = await plainOrGzip(path);
  if (found === undefined) return undefined;
  const rows: string[][] = [];
  for await (const { first, lines } of readLines(readBytes(await sourceOf(found)), { encoding }))
    lines.forEach((line, i) => {
      if (line === undefined) throw new RecoError("bad-data", `${found}:${first + i}: not ${encoding}.`);
      if (line !== "") rows.push(line.split(delimiter));
    });
  return rows;
}

export async function sourceOf(path: string): Promise<Source> {
  const { stat } = await import("node:fs/promises");
  return { name: path, size: path === "-" ? 0 : (await stat(path)).size };
}
