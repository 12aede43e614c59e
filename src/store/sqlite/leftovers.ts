import { existsSync, rmSync, statSync } from "node:fs";
import type { SqliteDriver } from "./database.ts";
import { lockFile } from "./lock.ts";

/** Databases that were closed, and whose empty log may still lie next to them. */
const closed = new Map<string, SqliteDriver>();
let listening = false;

/**
 * Removes a closed database's empty log when the process ends. SQLite does that itself with the last connection, but the package used on Node 20 keeps
 * connections open until their statements are garbage-collected, which at the end of a process is never.
 */
export function removeLogAtExit(driver: SqliteDriver, path: string): void {
  if (!existsSync(`${path}-wal`)) return;
  if (!listening) process.once("exit", removeLogs);
  listening = true;
  closed.set(path, driver);
}

/** Leaves a database alone that is open again. */
export function keepLog(path: string): void {
  closed.delete(path);
}

function removeLogs(): void {
  for (const [path, driver] of closed) {
    try {
      // Another process may have opened it in the meantime.
      const unlock = lockFile(driver, path);
      if (statSync(`${path}-wal`).size === 0) for (const ending of ["-wal", "-shm"]) rmSync(path + ending, { force: true });
      unlock();
    } catch {
      // It is in use, or gone: nothing to tidy up.
    }
  }
}
