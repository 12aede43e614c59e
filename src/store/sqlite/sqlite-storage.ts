import { mkdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { RecoError } from "../../util/errors.ts";
import { blobChunks } from "../blob-chunks.ts";
import { checkName, checkWrites } from "../check-writes.ts";
import type { Storage, Write } from "../storage.ts";
import { takeBytes } from "../take-bytes.ts";
import { backUp } from "./backup.ts";
import { sqliteDriver } from "./database.ts";
import { closedStorage, storageFailure } from "./failure.ts";
import { inspect, prepare } from "./format.ts";
import { lockFile } from "./lock.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/** SQLite takes a file with less than its smallest page for an empty one, and would write over it. */
const SMALLEST = 512;

/**
 * Keeps everything in one file on disk, for one process at a time; beside it stand SQLite's write-ahead log and an empty file that is the
 * lock. What is committed is synced: it survives the end of the process and of power. Deleted bytes are overwritten.
 *
 * @throws RecoError `in-use` while it is open elsewhere, `bad-data` for a damaged file or one of another program, `unsupported` for one of
 *   a newer format, `storage-failed` where the disk refuses
 */
export async function openSqliteStorage(location: string): Promise<Storage> {
  const driver = await sqliteDriver();
  const path = await locate(location);
  let unlock: () => void = () => {};
  try {
    // A foreign file is left alone: nothing is put beside it.
    const size = await bytesOf(path);
    if (size > 0) {
      if (size < SMALLEST) throw new RecoError("bad-data", `${path} is not a database of RecoBase. Choose another path.`);
      const db = driver.open(path, { readOnly: true });
      try {
        inspect(db, path);
      } finally {
        db.close();
      }
    }
    unlock = lockFile(driver, path);
    const db = driver.open(path);
    try {
      prepare(db, path);
    } finally {
      db.close();
    }
  } catch (error) {
    unlock();
    throw storageFailure(path, error);
  }
  const writer = new Writer(driver.module, path);
  await sweep(writer).catch(() => {});
  return storageOf(path, writer, new Reader(driver, path), unlock, driver.module);
}

function storageOf(path: string, writer: Writer, reader: Reader, unlock: () => void, module: string): Storage {
  const leaders = new Set<string>();
  let closed: Promise<void> | undefined;
  const checkOpen = () => {
    if (closed !== undefined) throw closedStorage(path);
  };

  return {
    kind: "sqlite",

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
      // In pieces, between which others write. What is left when the process dies is swept away at the next opening.
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
        // What cannot be dropped now is dropped at the next opening.
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
      await backUp(module, path, target);
    },

    async size() {
      return (await bytesOf(path)) + (await bytesOf(`${path}-wal`));
    },

    close() {
      closed ??= (async () => {
        reader.close();
        await writer.close().finally(unlock);
      })();
      return closed;
    },
  };
}

/** Removes what projects without a name leave, in pieces. */
async function sweep(writer: Writer): Promise<void> {
  while ((await writer.ask({ type: "sweep" })) !== 0);
}

/** The path without links, so that two names of one file take the same lock. Folders that are not there are made. */
async function locate(location: string): Promise<string> {
  const path = resolve(location);
  try {
    await mkdir(dirname(path), { recursive: true });
    return await realpath(path).catch(async () => join(await realpath(dirname(path)), basename(path)));
  } catch (cause) {
    const message = `${path} cannot be opened: ${cause instanceof Error ? cause.message : cause}. Choose another path.`;
    throw new RecoError("storage-failed", message, { cause });
  }
}

/** The size of a file, 0 where there is none. */
async function bytesOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Bytes in memory that can go to another thread. */
function taken(write: Write): Write {
  return write.type === "document" || write.bytes === undefined ? write : { ...write, bytes: takeBytes(write.bytes) };
}
