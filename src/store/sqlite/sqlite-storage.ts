import { existsSync } from "node:fs";
import { mkdir, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { RecoError } from "../../util/errors.ts";
import { blobChunks } from "../blob-chunks.ts";
import { checkName, checkWrites } from "../check-writes.ts";
import type { Storage, Write } from "../storage.ts";
import { takeBytes } from "../take-bytes.ts";
import { backUp } from "./backup.ts";
import { type SqliteDriver, sqliteDriver } from "./database.ts";
import { closedStorage, storageFailure } from "./failure.ts";
import { inspect, prepare } from "./format.ts";
import { keepLog, removeLogAtExit } from "./leftovers.ts";
import { lockFile } from "./lock.ts";
import { bytesOf, readOnlyAddress } from "./read-only.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/** SQLite takes a file smaller than its smallest page for an empty one, and would overwrite it. */
const SMALLEST = 512;

/**
 * Stores everything in one file on disk, for one process at a time. SQLite's write-ahead log and an empty lock file are next to it. Commits are synced,
 * so they survive the end of the process and power failures. Deleted bytes are overwritten. On a read-only disk, any number
 * of processes can read it, and writes fail.
 *
 * @throws RecoError `in-use` while it is open elsewhere, `bad-data` for a damaged file or another program's, `unsupported` for a newer format,
 *   `storage-failed` if the disk fails
 */
export async function openSqliteStorage(location: string): Promise<Storage> {
  const driver = await sqliteDriver();
  const path = await locate(location);
  const readOnly = await readOnlyAddress(path);
  const address = readOnly ?? path;
  let unlock: () => void = () => {};
  try {
    // Another program's file is left alone, without new files next to it.
    const size = await bytesOf(path);
    if (size > 0) {
      if (size < SMALLEST) throw new RecoError("bad-data", `${path} is not a RecoBase database. Choose another path.`);
      const db = driver.open(address, { readOnly: true });
      try {
        inspect(db, path);
      } finally {
        db.close();
      }
    }
    if (readOnly === undefined || existsSync(`${path}-lock`)) unlock = lockFile(driver, path);
    if (readOnly === undefined) {
      const db = driver.open(path);
      try {
        prepare(db, path);
      } finally {
        db.close();
      }
    }
  } catch (error) {
    unlock();
    throw storageFailure(path, error);
  }
  keepLog(path);
  const writer = new Writer(driver.module, path, address);
  await sweep(writer).catch(() => {});
  return storageOf(path, address, writer, new Reader(driver, path, address), unlock, driver);
}

function storageOf(path: string, address: string, writer: Writer, reader: Reader, unlock: () => void, driver: SqliteDriver): Storage {
  const leaders = new Set<string>();
  let closed: Promise<void> | undefined;
  const checkOpen = () => {
    if (closed !== undefined) throw closedStorage(path);
  };

  return {
    async projects() {
      checkOpen();
      return reader.projects();
    },

    async createProject(project) {
      checkOpen();
      checkName("project", project);
      await writer.ask({ type: "create-project", project });
    },

    async deleteProject(project) {
      checkOpen();
      await writer.ask({ type: "unname-project", project });
      // In pieces, so that others can write in between. If the process dies, the next opening removes the rest.
      await sweep(writer);
    },

    async *changes(project, after, only) {
      checkOpen();
      yield* reader.changes(project, after, only);
    },

    async commit(project, _after, prepare) {
      checkOpen();
      const writes = prepare([]);
      checkWrites(writes);
      return writer.commit(project, writes.map(taken));
    },

    async putBlob(project, name, chunks) {
      checkOpen();
      checkName("blob", name);
      const blob = Number(await writer.ask({ type: "begin-blob", project, name }));
      try {
        let place = 0;
        let bytes = 0;
        for await (const chunk of blobChunks(chunks)) {
          bytes += chunk.byteLength;
          await writer.ask({ type: "add-chunk", blob, place: place++, bytes: chunk });
        }
        await writer.ask({ type: "finish-blob", blob, bytes });
      } catch (error) {
        // If it can't be dropped now, the next opening drops it.
        await writer.ask({ type: "drop-blob", blob }).catch(() => {});
        throw error;
      }
    },

    async *getBlob(project, name) {
      checkOpen();
      yield* reader.getBlob(project, name);
    },

    async deleteBlob(project, name) {
      checkOpen();
      await writer.ask({ type: "delete-blob", project, name });
    },

    async blobs(project) {
      checkOpen();
      return reader.blobs(project);
    },

    async lead(project) {
      checkOpen();
      if (leaders.has(project)) return undefined;
      leaders.add(project);
      return async () => void leaders.delete(project);
    },

    async backup(target) {
      checkOpen();
      await backUp(driver.module, address, target);
    },

    async size() {
      return (await bytesOf(path)) + (await bytesOf(`${path}-wal`));
    },

    close() {
      closed ??= (async () => {
        reader.close();
        await writer.close().finally(unlock);
        removeLogAtExit(driver, path);
      })();
      return closed;
    },
  };
}

/** Removes the data of projects without a name, in pieces. */
async function sweep(writer: Writer): Promise<void> {
  while ((await writer.ask({ type: "sweep" })) !== 0);
}

/** The path with links resolved, so that two names of one file use the same lock. Missing folders are created. */
async function locate(location: string): Promise<string> {
  const path = resolve(location);
  try {
    await mkdir(dirname(path), { recursive: true });
    return await realpath(path).catch(async () => join(await realpath(dirname(path)), basename(path)));
  } catch (cause) {
    const message = `Can't open ${path}: ${cause instanceof Error ? cause.message : cause}. Choose another path.`;
    throw new RecoError("storage-failed", message, { cause });
  }
}

/** Bytes in memory that can be transferred to another thread. */
function taken(write: Write): Write {
  return write.type === "document" || write.bytes === undefined ? write : { ...write, bytes: takeBytes(write.bytes) };
}
