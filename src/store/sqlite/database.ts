import { RecoError } from "../../util/errors.ts";

type Value = string | number | bigint | null | Uint8Array;

/** A row, by column name. */
export type Row = Readonly<Record<string, Value>>;

/** A prepared statement: the part of `node:sqlite` used here. */
export interface Statement {
  run(...values: Value[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
  iterate(...values: Value[]): IterableIterator<Row>;
}

/** A connection to a database file: the part of `node:sqlite` used here. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** Opens connections; `module` is what another thread imports to open its own. */
export interface SqliteDriver {
  readonly module: string;
  open(path: string, options?: { readonly readOnly?: boolean }): Database;
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string, options: { readonly readOnly: boolean; readonly timeout: number }) => Database;
}

/** How long a connection waits for a lock before it fails, in milliseconds; only another program can hold one. */
const LOCK_TIMEOUT = 2000;

/**
 * Finds the runtime's SQLite: Node's own if there is one (22.13 and later), otherwise the package `@photostructure/sqlite`, which has the same
 * interface.
 *
 * @throws RecoError `unsupported` if neither is available
 */
export async function sqliteDriver(): Promise<SqliteDriver> {
  const builtin = quietly(() => globalThis.process?.getBuiltinModule?.("node:sqlite")) as SqliteModule | undefined;
  if (builtin !== undefined) return driver("node:sqlite", builtin);
  const name = "@photostructure/sqlite";
  try {
    return driver(name, (await import(name)) as SqliteModule);
  } catch (cause) {
    const message = `Storing data in a file needs SQLite, which Node ${process.version} doesn't include. Run "npm install ${name}", or use Node 22.13 or later.`;
    throw new RecoError("unsupported", message, { cause });
  }
}

function driver(module: string, { DatabaseSync }: SqliteModule): SqliteDriver {
  return { module, open: (path, options) => new DatabaseSync(path, { readOnly: options?.readOnly ?? false, timeout: LOCK_TIMEOUT }) };
}

/** Suppresses Node's "SQLite is experimental" warning, which is irrelevant for operators. */
function quietly<T>(load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
