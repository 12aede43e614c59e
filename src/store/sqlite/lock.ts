import { RecoError } from "../../util/errors.ts";
import type { SqliteDriver } from "./database.ts";
import { type SqliteFailure, storageFailure } from "./failure.ts";

/**
 * Locks a database for this process, with SQLite's own lock on an empty file next to it. The operating system releases it when the process ends, for
 * whatever reason. SQLite also prevents a second opening in this process.
 *
 * @returns a function that releases the lock
 * @throws RecoError `in-use`
 */
export function lockFile(driver: SqliteDriver, path: string): () => void {
  const lock = `${path}-lock`;
  try {
    const db = driver.open(lock);
    try {
      db.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
      return () => db.close();
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    const BUSY = 5;
    if (((error as SqliteFailure).errcode ?? 0) % 256 !== BUSY) throw storageFailure(path, error);
    const message = `${path} is already open, in this process or another. Close it there first. To use several processes, use PostgreSQL.`;
    throw new RecoError("in-use", message, { cause: error });
  }
}
