import { RecoError } from "../../util/errors.ts";

/** SQLite's primary result codes, https://sqlite.org/rescode.html */
const BUSY = 5;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

/** An error of SQLite, in a form that can be sent between threads. */
export interface SqliteFailure {
  readonly message: string;
  readonly errcode?: number;
}

/** Converts an error of SQLite to a RecoError that says what to do. RecoErrors are returned unchanged. */
export function storageFailure(path: string, failure: unknown): RecoError {
  if (failure instanceof RecoError) return failure;
  const { message, errcode } = failure as SqliteFailure;
  // The lowest byte of an extended code is the primary code.
  const code = (errcode ?? 0) & 0xff;
  const options = failure instanceof Error ? { cause: failure } : undefined;
  if (code === NOTADB) return new RecoError("bad-data", `${path} is not a RecoBase database. Choose another path.`, options);
  if (code === CORRUPT)
    return new RecoError("bad-data", `${path} is damaged or truncated (${message}). It was not modified. Restore a backup.`, options);
  return new RecoError("storage-failed", sentence(path, code, message), options);
}

/** The error for using a storage after closing it. */
export function closedStorage(path: string): RecoError {
  return new RecoError("storage-failed", `${path} is closed. Open it again to use it.`);
}

function sentence(path: string, code: number, message: string): string {
  if (code === FULL) return `The disk with ${path} is full. Nothing was written. Free up space and try again.`;
  if (code === READONLY)
    return `Can't write ${path}: the file or its disk is read-only. Nothing was written. Make it writable and open it again.`;
  if (code === IOERR) return `Disk error on ${path} (${message}). Nothing was written. Check the disk and its quota, then try again.`;
  if (code === CANTOPEN) return `Can't open ${path}. Check that its folder exists and that this user may read and write files in it.`;
  if (code === BUSY) return `${path} is locked by another program. Nothing was written. Close that program or wait, then try again.`;
  return `Can't read or write ${path}: ${message}.`;
}
