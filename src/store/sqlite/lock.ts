import { RecoError } from "../../util/errors.ts";
import type { SqliteDriver } from "./database.ts";
import { type SqliteFailure, storageFailure } from "./failure.ts";

/**
 * Holds a database for this process alone, by SQLite's own lock on an empty file beside it. The operating system lets go of it when the
 * process ends, however it ends; SQLite keeps it from a second opening in this process too.
 *
 * @returns a function that lets go
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
    const message = `${path} is open already, here or in another process. Close it there first, or use PostgreSQL for several processes.`;
    throw new RecoError("in-use", message, { cause: error });
  }
}
