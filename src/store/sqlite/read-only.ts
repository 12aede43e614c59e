import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * The address of a database that can be read but not written, on a read-only disk for example. SQLite would have to write next to a file with a
 * write-ahead log even to read it, unless it is told that the file never changes. If the log still holds commits, the file alone isn't the whole
 * database, and opening it as usual is the only way.
 *
 * @returns `undefined` if the database can be written, or isn't there
 */
export async function readOnlyAddress(path: string): Promise<string | undefined> {
  const writable = await Promise.all([access(path, constants.W_OK), access(dirname(path), constants.W_OK)]).then(
    () => true,
    () => false,
  );
  if (writable || (await bytesOf(path)) === 0 || (await bytesOf(`${path}-wal`)) > 0) return undefined;
  return `${pathToFileURL(path)}?immutable=1`;
}

/** The size of a file, 0 if it doesn't exist. */
export async function bytesOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
