import { writeAtomically } from "../util/atomic-file.ts";
import { loadDuckdb } from "../util/duckdb.ts";
import { RecoError } from "../util/errors.ts";
import { type OnProgress, throwIfAborted } from "../util/progress.ts";
import type { Dataset } from "./dataset.ts";
import type { Interactions } from "./interactions.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Formats for writing interactions. */
export type WriteFormat = "csv" | "tsv" | "json-lines" | "parquet";

export interface WriteOptions {
  /** By default from the extension: .csv, .tsv, .jsonl, .ndjson or .parquet. Add .gz to a text format to compress it. */
  readonly format?: WriteFormat;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const BLOCK = 8192;

/**
 * Writes the interactions to a file, completely or not at all: to a temporary file that then replaces the old one. The columns are user, item
 * and, if the data has them, weight, time (milliseconds since 1970, or the order), type, session and basket (as numbers) and those of the
 * context. Features are not written.
 *
 * Ids read back unchanged, with one exception: CSV and TSV can't tell 42 from "42", so a column of only such strings is read as numbers. JSON
 * Lines and Parquet can.
 *
 * @throws RecoError `bad-input` for an unknown extension, or for ids with the same text (1 and "1")
 */
export async function writeDataset(data: Dataset, path: string, options: WriteOptions = {}): Promise<void> {
  const format = options.format ?? formatOf(path);
  if (format !== "json-lines") for (const vocabulary of [data.users, data.items]) requireDistinct(vocabulary);
  try {
    await writeAtomically(path, async (temporary) => {
      if (format === "parquet") await writeParquet(data, temporary, options);
      else await writeText(temporary, path.endsWith(".gz"), textBlocks(data, format, path, options));
      throwIfAborted(options.signal);
    });
  } catch (cause) {
    if (cause instanceof RecoError) throw cause;
    throw new RecoError("bad-input", `Can't write ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

function formatOf(path: string): WriteFormat {
  const [, extension, gzip] = /\.([a-z]+)(\.gz)?$/i.exec(path) ?? [];
  const formats: Record<string, WriteFormat> = { csv: "csv", tsv: "tsv", jsonl: "json-lines", ndjson: "json-lines", parquet: "parquet" };
  const format = formats[extension?.toLowerCase()];
  if (format === "parquet" && gzip) throw new RecoError("bad-input", `${path}: Parquet is already compressed. Remove .gz.`);
  if (format === undefined)
    throw new RecoError(
      "bad-input",
      `${path}: unknown extension. Use .csv, .tsv or .jsonl (optionally with .gz) or .parquet, or pass the format.`,
    );
  return format;
}

function requireDistinct(vocabulary: Vocabulary): void {
  if (new Set(vocabulary.ids.map(String)).size < vocabulary.size)
    throw new RecoError(
      "bad-input",
      `Two ${vocabulary.kind} ids have the same text, like 1 and "1". Write JSON Lines, which keeps them apart.`,
    );
}

function report(data: Dataset, path: string, done: number, { onProgress, signal }: WriteOptions): void {
  throwIfAborted(signal);
  onProgress?.({ task: `writing ${path}`, done, total: data.size });
}

function* textBlocks(data: Dataset, format: WriteFormat, path: string, options: WriteOptions): Generator<string> {
  const { user, item, weight, time, type } = data.interactions;
  const delimiter = format === "tsv" ? "\t" : ",";
  const json = format === "json-lines";
  const cell = (value: string | number) => (json ? JSON.stringify(value) : field(value, delimiter));
  // Format each id only once.
  const users = data.users.ids.map(cell);
  const items = data.items.ids.map(cell);
  const types = data.eventTypes.map(cell);
  const columns: { name: string; at: (row: number) => string }[] = [
    { name: "user", at: (row) => users[user[row]] },
    { name: "item", at: (row) => items[item[row]] },
  ];
  if (weight) columns.push({ name: "weight", at: (row) => String(weight[row]) });
  if (time) columns.push({ name: "time", at: (row) => (Number.isNaN(time[row]) ? (json ? "null" : "") : String(time[row])) });
  if (type) columns.push({ name: "type", at: (row) => types[type[row]] });
  const missing = json ? "null" : "";
  for (const { name, at } of momentColumns(data.interactions))
    columns.push({ name, at: (row) => ((value) => (value === undefined ? missing : cell(value)))(at(row)) });
  if (!json) yield `${columns.map(({ name }) => field(name, delimiter)).join(delimiter)}\n`;
  for (let from = 0; from < data.size; from += BLOCK) {
    report(data, path, from, options);
    let text = "";
    for (let row = from; row < Math.min(from + BLOCK, data.size); row++) {
      const cells = columns.map(({ name, at }) => (json ? `${JSON.stringify(name)}:${at(row)}` : at(row)));
      text += json ? `{${cells.join(",")}}\n` : `${cells.join(delimiter)}\n`;
    }
    yield text;
  }
}

interface MomentColumn {
  readonly name: string;
  readonly kind: "group" | "number" | "text";
  /** undefined if unknown. */
  at(row: number): string | number | undefined;
}

/** Sessions, baskets and context as columns. Context in lists, vectors and places doesn't fit into one. */
function momentColumns({ session, basket, context = {} }: Interactions): MomentColumn[] {
  const columns: MomentColumn[] = [];
  if (session) columns.push({ name: "session", kind: "group", at: (row) => session[row] });
  if (basket) columns.push({ name: "basket", kind: "group", at: (row) => basket[row] });
  for (const [name, column] of Object.entries(context)) {
    if (["user", "item", "weight", "time", "type", "session", "basket"].includes(name))
      throw new RecoError("bad-input", `The context "${name}" can't be written: the column ${name} means something else. Rename it.`);
    if (column.type === "number" || column.type === "time")
      columns.push({ name, kind: "number", at: (row) => (Number.isNaN(column.values[row]) ? undefined : column.values[row]) });
    else if (column.type === "category") columns.push({ name, kind: "text", at: (row) => column.names[column.codes[row]] });
    else if (column.type === "text") columns.push({ name, kind: "text", at: (row) => column.values[row] });
  }
  return columns;
}

function field(value: string | number, delimiter: string): string {
  const text = String(value);
  return text.includes(delimiter) || /["\r\n]|^[ \t]|[ \t]$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function writeText(path: string, gzip: boolean, blocks: Iterable<string>): Promise<void> {
  const { createWriteStream } = await import("node:fs");
  const { Readable } = await import("node:stream");
  const { pipeline } = await import("node:stream/promises");
  const { createGzip } = await import("node:zlib");
  const from = Readable.from(blocks);
  if (gzip) await pipeline(from, createGzip(), createWriteStream(path));
  else await pipeline(from, createWriteStream(path));
}

async function writeParquet(data: Dataset, path: string, options: WriteOptions): Promise<void> {
  const { BIGINT, DOUBLE, DuckDBDataChunk, DuckDBInstance, UINTEGER, VARCHAR } = await loadDuckdb();
  const { user, item, weight, time, type } = data.interactions;
  const idColumn = ({ ids }: Vocabulary) => {
    if (ids.every((id) => Number.isSafeInteger(id))) return { type: BIGINT, values: ids.map((id) => BigInt(id)) };
    return ids.every((id) => typeof id === "number") ? { type: DOUBLE, values: [...ids] } : { type: VARCHAR, values: ids.map(String) };
  };
  const users = idColumn(data.users);
  const items = idColumn(data.items);
  const columns = [
    { name: "user", type: users.type, at: (row: number) => users.values[user[row]] },
    { name: "item", type: items.type, at: (row: number) => items.values[item[row]] },
    ...(weight ? [{ name: "weight", type: DOUBLE, at: (row: number) => weight[row] }] : []),
    ...(time ? [{ name: "time", type: DOUBLE, at: (row: number) => (Number.isNaN(time[row]) ? null : time[row]) }] : []),
    ...(type ? [{ name: "type", type: VARCHAR, at: (row: number) => data.eventTypes[type[row]] }] : []),
    ...momentColumns(data.interactions).map(({ name, kind, at }) => ({
      name,
      type: { group: UINTEGER, number: DOUBLE, text: VARCHAR }[kind],
      at: (row: number) => at(row) ?? null,
    })),
  ];
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(
      `CREATE TABLE interactions (${columns.map((column) => `"${column.name.replaceAll('"', '""')}" ${column.type}`).join(", ")})`,
    );
    const appender = await connection.createAppender("interactions");
    const types = columns.map((column) => column.type);
    // DuckDB vectors have 2048 values.
    for (let from = 0; from < data.size; from += 2048) {
      if (from % (2048 * 32) === 0) {
        report(data, path, from, options);
        await new Promise<void>((resolve) => setTimeout(resolve, 0));
      }
      const rows = Math.min(2048, data.size - from);
      const chunk = DuckDBDataChunk.create(types, rows);
      chunk.setColumns(columns.map(({ at }) => Array.from({ length: rows }, (_, i) => at(from + i))));
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
    await connection.run(`COPY interactions TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
