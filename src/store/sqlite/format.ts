import { RecoError } from "../../util/errors.ts";
import type { Database } from "./database.ts";

/** "Reco" in ASCII, in the field where SQLite files identify their program. */
const APPLICATION = 0x5265636f;
const FORMAT = 1;
/** Sixteen zeros. */
export const FREE_KEY = `x'${"00".repeat(16)}'`;

/**
 * Rows of a project are stored under its number. `last` is the sequence of its last commit: sequences aren't reused when their data is removed. A
 * project without a name is being removed. A blob exists once `bytes` is set; until then it is being written.
 *
 * Deleted data must be gone, and SQLite alone doesn't guarantee that: `secure_delete` overwrites a row where it is, but copies remain in pages that
 * the row was in before SQLite moved it to balance its trees (of 500 deleted documents, 6 could still be found). So each value is encrypted with its
 * own key, and deleting it overwrites the key. All rows of `keys` have the same size, and none is ever deleted, so SQLite overwrites them in place
 * and never moves them. A key of zeros is free for the next value. A document contains kind, key and body, separated by NUL, and is found by a hash
 * of its name with `secret`. An empty segment may be NULL, because some versions of Node bind it that way.
 */
const TABLES = `
CREATE TABLE meta (secret BLOB NOT NULL);
INSERT INTO meta VALUES (randomblob(16));
CREATE TABLE keys (id INTEGER PRIMARY KEY, key BLOB NOT NULL);
CREATE INDEX free_keys ON keys (id) WHERE key = ${FREE_KEY};
CREATE TABLE projects (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, last INTEGER NOT NULL);
CREATE TABLE segments (id INTEGER PRIMARY KEY, project INTEGER NOT NULL, sequence INTEGER NOT NULL, place INTEGER NOT NULL, log TEXT NOT NULL, key INTEGER NOT NULL, bytes BLOB);
CREATE UNIQUE INDEX segments_in_order ON segments (project, sequence, place);
CREATE TABLE documents (project INTEGER NOT NULL, name BLOB NOT NULL, sequence INTEGER NOT NULL, key INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (project, name)) WITHOUT ROWID;
CREATE INDEX documents_in_order ON documents (project, sequence);
CREATE TABLE blobs (id INTEGER PRIMARY KEY AUTOINCREMENT, project INTEGER NOT NULL, name TEXT NOT NULL, bytes INTEGER);
CREATE UNIQUE INDEX blobs_by_name ON blobs (project, name) WHERE bytes IS NOT NULL;
CREATE TABLE chunks (blob INTEGER NOT NULL, place INTEGER NOT NULL, key INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (blob, place));
${["segments", "documents", "chunks"].map((table) => `CREATE TRIGGER ${table}_shred AFTER DELETE ON ${table} BEGIN UPDATE keys SET key = ${FREE_KEY} WHERE id = old.key; END;`).join("\n")}
`;

/**
 * Whether a database is one of ours, or new and empty.
 *
 * @throws RecoError `bad-data` for another program's database, `unsupported` for a newer format
 */
export function inspect(db: Database, path: string): "ours" | "new" {
  const application = db.prepare("PRAGMA application_id").get()?.application_id;
  const format = Number(db.prepare("PRAGMA user_version").get()?.user_version);
  if (application === APPLICATION) {
    if (format <= FORMAT) return "ours";
    throw new RecoError(
      "unsupported",
      `${path} was written by a newer RecoBase (format ${format}; this version supports ${FORMAT}). Update recobase, or choose another path.`,
    );
  }
  if (application === 0 && format === 0 && db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined) return "new";
  throw new RecoError("bad-data", `${path} is another program's database. Choose another path.`);
}

/** Creates the tables of a new database, and cleans up after a process that died. */
export function prepare(db: Database, path: string): void {
  const found = inspect(db, path);
  // Must be set before the first page is written. Pages of 8 KB keep segments of about 25 KB in few pieces.
  if (found === "new") db.exec("PRAGMA page_size = 8192");
  db.exec("PRAGMA journal_mode = WAL");
  db.exec("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA secure_delete = FAST");
  if (found === "new")
    db.exec(`BEGIN IMMEDIATE; ${TABLES} PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${FORMAT}; COMMIT`);
  if (db.prepare("SELECT 1 FROM blobs WHERE bytes IS NULL LIMIT 1").get() === undefined) return;
  db.exec("BEGIN IMMEDIATE; DELETE FROM chunks WHERE blob IN (SELECT id FROM blobs WHERE bytes IS NULL)");
  db.exec("DELETE FROM blobs WHERE bytes IS NULL; COMMIT");
}
