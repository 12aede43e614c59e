import { RecoError } from "../../util/errors.ts";

/** SQLite's primary result codes, https://sqlite.org/rescode.html */
const BUSY = 5;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

/** What SQLite says about an error, in a shape that crosses threads. */
export interface SqliteFailure {
  readonly message: string;
  readonly errcode?: number;
}

/** An error of SQLite as one of ours, which says what to do. Errors that are ours already stay as they are. */
export function storageFailure(path: string, failure: unknown): RecoError {
  if (failure instanceof RecoError) return failure;
  const { message, errcode } = failure as SqliteFailure;
  // Extended codes carry the primary one in their lowest byte.
  const code = (errcode ?? 0) & 0xff;
  const options = failure instanceof Error ? { cause: failure } : undefined;
  if (code === NOTADB) return new RecoError("bad-data", `${path} is not a database of RecoBase. Choose another path.`, options);
  if (code === CORRUPT)
    return new RecoError("bad-data", `${path} is damaged or cut short (${message}). Nothing was written to it. Restore a backup.`, options);
  return new RecoError("storage-failed", sentence(path, code, message), options);
}

/** The error of whoever uses a storage after closing it. */
export function closedStorage(path: string): RecoError {
  return new RecoError("storage-failed", `${path} is closed. Open it again to use it.`);
}

function sentence(path: string, code: number, message: string): string {
  if (code === FULL) return `The disk of ${path} is full. Nothing of this write was kept; make room and write again.`;
  if (code === READONLY)
    return `${path} cannot be written: the file or its disk is read-only. Nothing was kept; make it writable and write again.`;
  if (code === IOERR)
    return `The disk of ${path} refused (${message}). Nothing of this write was kept; look at the disk and its quota, then write again.`;
  if (code === CANTOPEN)
    return `${path} cannot be opened. Check that its folder is there and that this user may read and write files in it.`;
  if (code === BUSY)
    return `Another program holds ${path} locked. Nothing of this write was kept; end that program or wait, then write again.`;
  return `${path} could not be read or written: ${message}.`;
}
