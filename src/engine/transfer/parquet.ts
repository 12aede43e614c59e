import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { loadDuckdb } from "../../util/duckdb.ts";
import { RecoError } from "../../util/errors.ts";
import { checkColumns } from "./flat-rows.ts";
import type { Importer, RowKind } from "./importer.ts";
import { readJsonLines } from "./read-rows.ts";

/** Parquet is written and read from its end, so it goes through a file. DuckDB converts between Parquet and JSON Lines. */

/** Reads a Parquet file with columns of any type. @throws RecoError `bad-data` */
export async function readParquet(kind: RowKind, bytes: AsyncIterable<Uint8Array>, importer: Importer): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const [from, to] = [join(folder, "in.parquet"), join(folder, "out.jsonl")];
    await pipeline(bytes, createWriteStream(from));
    await inDuckDb(async (run) => {
      const table = `read_parquet(${quoted(from, "'")})`;
      const columns = (await run(`DESCRIBE SELECT * FROM ${table}`)).map(([name, type]) => ({ name: String(name), type: String(type) }));
      checkColumns(
        kind,
        columns.map(({ name }) => name),
      );
      const selected = columns.map(({ name, type }) => {
        const column = quoted(name, '"');
        const whole = /^(DATE|TIMESTAMP)/.test(type) ? `epoch_ms(${column}::TIMESTAMP)` : column;
        return `${["id", "user", "item", "session"].includes(name) ? `${column}::VARCHAR` : whole} AS ${column}`;
      });
      await run(`COPY (SELECT ${selected.join(", ")} FROM ${table}) TO ${quoted(to, "'")} (FORMAT json)`);
    }, folder);
    await readJsonLines(kind, createReadStream(to), importer, true);
  });
}

/** A column to write, and its DuckDB type. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: string;
}

/** Converts JSON Lines to a Parquet file. */
export async function* writeParquet(lines: AsyncIterable<string>, columns: readonly ParquetColumn[]): AsyncGenerator<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "recobase-"));
  try {
    const [from, to] = [join(folder, "in.jsonl"), join(folder, "out.parquet")];
    await pipeline(Readable.from(lines), createWriteStream(from));
    const types = columns.map(({ name, type }) => `${quoted(name, "'")}: ${quoted(type, "'")}`).join(", ");
    await inDuckDb(async (run) => {
      const source = `read_json(${quoted(from, "'")}, format = 'newline_delimited', maximum_object_size = ${16 * 2 ** 20}, columns = {${types}})`;
      await run(`COPY (SELECT * FROM ${source}) TO ${quoted(to, "'")} (FORMAT parquet, COMPRESSION zstd)`);
    }, folder);
    for await (const chunk of createReadStream(to)) yield chunk as Uint8Array;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs work with a temporary folder, and removes it afterwards. */
async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "recobase-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Loads DuckDB on first use. It can only read and write files in this folder. */
async function inDuckDb(work: (run: (sql: string) => Promise<unknown[][]>) => Promise<void>, folder: string): Promise<void> {
  const { DuckDBInstance } = await loadDuckdb();
  const instance = await DuckDBInstance.create(":memory:", { threads: "1", memory_limit: "1GB", temp_directory: folder });
  const connection = await instance.connect();
  try {
    await connection.run(`SET allowed_directories = [${quoted(`${folder}/`, "'")}]`);
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
    await work(async (sql) => (await connection.runAndReadAll(sql)).getRows());
  } catch (cause) {
    if (cause instanceof RecoError) throw cause;
    throw new RecoError("bad-data", "The body is not a valid Parquet file.", { cause });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function quoted(text: string, mark: string): string {
  return mark + text.replaceAll(mark, mark + mark) + mark;
}
