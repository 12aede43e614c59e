import { RecoError } from "../../util/errors.ts";

type Value = string | number | bigint | null | Uint8Array;

/** A row, by names of columns. */
export type Row = Readonly<Record<string, Value>>;

/** A prepared statement. What of `node:sqlite` is used here. */
export interface Statement {
  run(...values: Value[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
  iterate(...values: Value[]): IterableIterator<Row>;
}

/** A connection to a database file. What of `node:sqlite` is used here. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** Opens connections; `module` is what another thread imports to do the same. */
export interface SqliteDriver {
  readonly module: string;
  open(path: string, options?: { readonly readOnly?: boolean }): Database;
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string, options: { readonly readOnly: boolean; readonly timeout: number }) => Database;
}

/** How long a connection waits for a lock before it fails, in milliseconds: only a foreign program can hold one. */
const LOCK_TIMEOUT = 2000;

/**
 * Finds the SQLite of this runtime: Node's own, where it has one (from 22.13), else the package `@photostructure/sqlite`, which has the
 * same interface.
 *
 * @throws RecoError `unsupported` when neither is there
 */
export async function sqliteDriver(): Promise<SqliteDriver> {
  const builtin = quietly(() => globalThis.process?.getBuiltinModule?.("node:sqlite")) as SqliteModule | undefined;
  if (builtin !== undefined) return driver("node:sqlite", builtin);
  const name = "@photostructure/sqlite";
  try {
    return driver(name, (await import(name)) as SqliteModule);
  } catch (cause) {
    const message = `A file on disk needs SQLite. This Node (${process.version}) has none: run "npm install ${name}", or use Node 22.13 or later.`;
    throw new RecoError("unsupported", message, { cause });
  }
}

function driver(module: string, { DatabaseSync }: SqliteModule): SqliteDriver {
  return { module, open: (path, options) => new DatabaseSync(path, { readOnly: options?.readOnly ?? false, timeout: LOCK_TIMEOUT }) };
}

/** Node calls its SQLite experimental at the first load, which is no news for whoever runs a server. */
function quietly<T>(load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
