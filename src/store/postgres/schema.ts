import type { Pool } from "pg";
import { RecoError } from "../../util/errors.ts";
import { inTransaction } from "./connection.ts";

const FORMAT = 1;

/**
 * `last` is the sequence of a project's last commit. `writer` is the opening of the storage that wrote a row, so that commits can learn what others
 * wrote. A deleted document stays for a while, without its body, for processes that haven't seen the deletion; `forgotten` is the highest sequence
 * of the deletions removed since. A blob exists once `bytes` is set.
 */
const TABLES = `
CREATE SCHEMA IF NOT EXISTS recobase;
CREATE TABLE recobase.projects (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE,
  last bigint NOT NULL DEFAULT 0, forgotten bigint NOT NULL DEFAULT 0);
CREATE TABLE recobase.segments (
  project bigint NOT NULL REFERENCES recobase.projects ON DELETE CASCADE, sequence bigint NOT NULL, place bigint NOT NULL,
  writer uuid NOT NULL, log text NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (project, sequence, place));
CREATE TABLE recobase.documents (
  project bigint NOT NULL REFERENCES recobase.projects ON DELETE CASCADE, kind text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL, writer uuid NOT NULL, body text, deleted timestamptz, PRIMARY KEY (project, kind, key));
CREATE INDEX documents_in_order ON recobase.documents (project, sequence);
CREATE INDEX documents_deleted ON recobase.documents (deleted) WHERE deleted IS NOT NULL;
CREATE TABLE recobase.blobs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, project bigint NOT NULL REFERENCES recobase.projects ON DELETE CASCADE,
  name text COLLATE "C" NOT NULL, bytes bigint);
CREATE UNIQUE INDEX blobs_by_name ON recobase.blobs (project, name) WHERE bytes IS NOT NULL;
CREATE TABLE recobase.chunks (
  blob bigint NOT NULL REFERENCES recobase.blobs ON DELETE CASCADE, place bigint NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (blob, place));
-- Segments and models are packed already: to compress them again costs time and gains nothing.
ALTER TABLE recobase.segments ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE recobase.chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE TABLE recobase.format (version bigint NOT NULL);
INSERT INTO recobase.format VALUES (${FORMAT});
`;

/** How long a deletion stays visible. A process cut off for longer must be restarted. */
const REMEMBERED = "1 hour";

/** Creates missing tables. Processes that start together wait for each other. */
export async function createTables(pool: Pool, where: string): Promise<void> {
  await inTransaction(pool, "BEGIN", async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended('recobase tables', 0))");
    const { rows: found } = await client.query("SELECT to_regclass('recobase.format') AS format");
    if (found[0].format === null) return void (await client.query(TABLES));
    const { rows } = await client.query("SELECT version FROM recobase.format");
    if (Number(rows[0].version) > FORMAT) {
      const message = `The tables at ${where} were made by a newer RecoBase (format ${rows[0].version}; this version supports ${FORMAT}). Update recobase.`;
      throw new RecoError("unsupported", message);
    }
  });
}

/** Removes the remains of documents deleted long ago. */
export async function forgetDeleted(pool: Pool): Promise<void> {
  await pool.query(`
    WITH gone AS (
      DELETE FROM recobase.documents WHERE deleted < now() - interval '${REMEMBERED}' RETURNING project, sequence
    ), highest AS (SELECT project, max(sequence) AS sequence FROM gone GROUP BY project)
    UPDATE recobase.projects SET forgotten = greatest(forgotten, highest.sequence) FROM highest WHERE id = highest.project`);
}

/** @throws RecoError `storage-failed` if a process has missed deletions that are no longer recorded */
export function checkRemembered(project: string, after: number, forgotten: number): void {
  if (after > 0 && after < forgotten)
    throw new RecoError(
      "storage-failed",
      `This process was cut off from the project "${project}" for more than ${REMEMBERED} and has missed deletions. Restart it.`,
    );
}
