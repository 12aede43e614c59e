import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { RecoError } from "../../util/errors.ts";
import { checkColumns } from "./flat-rows.ts";
import type { Importer, RowKind } from "./importer.ts";
import { readJsonLines } from "./read-rows.ts";

/** Parquet is written from its end and read from there, so it passes through a file; DuckDB makes lines of it, and it of lines. */

/** Reads a Parquet file, in whatever types its columns are. @throws RecoError `bad-data` */
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

/** A column of a table to be written, and its type in DuckDB. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: string;
}

/** Makes a Parquet file of JSON lines. */
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

/** A folder that is gone when the work is done. */
async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "recobase-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** DuckDB is loaded here and not before. It may read and write files of this folder, and nothing else. */
async function inDuckDb(work: (run: (sql: string) => Promise<unknown[][]>) => Promise<void>, folder: string): Promise<void> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads: "1", memory_limit: "1GB", temp_directory: folder });
  const connection = await instance.connect();
  try {
    await connection.run(`SET allowed_directories = [${quoted(`${folder}/`, "'")}]`);
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
    await work(async (sql) => (await connection.runAndReadAll(sql)).getRows());
  } catch (cause) {
    if (cause instanceof RecoError) throw cause;
    throw new RecoError("bad-data", "The body cannot be read as Parquet.", { cause });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function quoted(text: string, mark: string): string {
  return mark + text.replaceAll(mark, mark + mark) + mark;
}
