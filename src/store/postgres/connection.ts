import type { Client, ClientConfig, Pool, PoolClient } from "pg";
import { RecoError } from "../../util/errors.ts";

/** Milliseconds to wait for a connection. */
const CONNECT_TIMEOUT = 10_000;
/** Connections for writing: commits of different projects, and changes to the list of projects. */
const WRITERS = 4;
/** Connections for streaming, separate from those for writing, so that a reader who writes while reading never waits for itself. */
const STREAMS = 8;

/** The connections to one database. */
export interface Connections {
  /** Host and database for messages, without user and password. */
  readonly where: string;
  readonly writers: Pool;
  readonly streams: Pool;
  /** A dedicated connection. */
  client(): Client;
  /** Converts an error of the driver to a RecoError. */
  failure(error: unknown): RecoError;
  end(): Promise<void>;
}

/** @throws RecoError `unsupported` without the driver, `bad-input` for an invalid address; the message never contains the address */
export async function connections(url: string): Promise<Connections> {
  const pg = await driver();
  const config: ClientConfig = {
    connectionString: url,
    application_name: "recobase",
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
  };
  let where: string;
  try {
    const { host, port, database } = new pg.Client(config);
    where = `${host}:${port}/${database}`;
  } catch {
    // Omit the cause, which may contain the password.
    throw new RecoError("bad-input", "Invalid PostgreSQL address. It must look like postgres://user:password@host:5432/database.");
  }
  const pool = (max: number): Pool => {
    const made = new pg.Pool({ ...config, max, allowExitOnIdle: true });
    // A connection that breaks while idle is replaced on next use.
    made.on("error", () => {});
    return made;
  };
  const writers = pool(WRITERS);
  const streams = pool(STREAMS);
  return {
    where,
    writers,
    streams,
    client: () => new pg.Client(config),
    failure: (error) => databaseFailure(where, error),
    async end() {
      await Promise.all([writers.end(), streams.end()]);
    },
  };
}

async function driver(): Promise<typeof import("pg").default> {
  try {
    return (await import("pg")).default;
  } catch (cause) {
    throw new RecoError("unsupported", 'PostgreSQL needs the driver "pg", which is not installed. Run "npm install pg".', { cause });
  }
}

function databaseFailure(where: string, error: unknown): RecoError {
  if (error instanceof RecoError) return error;
  // If a name has several addresses, report only the first error.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const { message, code } = first as { readonly message?: string; readonly code?: string };
  return new RecoError("storage-failed", `PostgreSQL at ${where}: ${message || code}. Nothing was stored. ${advice(code)}`, {
    cause: error,
  });
}

/** What to do, by SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
function advice(code: string | undefined): string {
  if (code?.startsWith("28")) return "Check the user and password.";
  if (code === "3D000") return "Create the database first.";
  if (code === "42501") return "Grant the user the required permission.";
  if (code?.startsWith("53")) return "Free up disk, memory or connections on the server, and try again.";
  if (code === "25006") return "The database is read-only: connect to the primary server.";
  return "Check that the server is running and reachable, and try again.";
}

/** Runs `work` in a transaction on a connection of `pool`, then returns the connection, or closes it if it may be broken. */
export async function inTransaction<T>(pool: Pool, begin: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = true;
  // A connection that breaks between queries emits an event that must be handled; the next query then fails.
  const onError = () => {};
  client.on("error", onError);
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query("COMMIT");
    broken = false;
    return result;
  } catch (error) {
    broken = await client.query("ROLLBACK").then(
      () => false,
      () => true,
    );
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}
