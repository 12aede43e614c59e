import { randomUUID } from "node:crypto";
import { RecoError } from "../../util/errors.ts";
import { checkName } from "../check-writes.ts";
import type { Storage } from "../storage.ts";
import { deleteBlob, getBlob, listBlobs, putBlob } from "./blobs.ts";
import { readChanges, unknownProject } from "./changes.ts";
import { Committer } from "./committer.ts";
import { type Connections, connections } from "./connection.ts";
import { createTables, forgetDeleted } from "./schema.ts";
import { Session } from "./session.ts";

/** Milliseconds between two cleanups of deleted documents. */
const FORGET_EVERY = 600_000;

/**
 * Stores everything in a PostgreSQL database (14 or later), in the schema `recobase`, for several processes at once. Broken connections are
 * replaced: writes in progress are rejected, later ones work.
 *
 * @throws RecoError `unsupported` without the driver `pg` or with tables of a newer format, `bad-input` for an invalid address,
 *   `storage-failed` if the database is unreachable; no message contains a password
 */
export async function openPostgresStorage(url: string): Promise<Storage> {
  const database = await connections(url);
  const opening = randomUUID();
  const session = new Session(database, opening);
  try {
    await createTables(database.writers, database.where);
    await forgetDeleted(database.writers);
    await session.open();
  } catch (error) {
    await database.end();
    throw database.failure(error);
  }
  return storageOf(database, session, opening);
}

function storageOf(database: Connections, session: Session, opening: string): Storage {
  const { writers, streams, where } = database;
  const committer = new Committer(database, opening);
  const forgetting = setInterval(() => void forgetDeleted(writers).catch(() => {}), FORGET_EVERY);
  forgetting.unref();
  let closed: Promise<void> | undefined;

  /** Runs a database operation, converting its errors to ours. */
  async function asked<T>(work: () => Promise<T>): Promise<T> {
    if (closed !== undefined) throw new RecoError("storage-failed", `The storage at ${where} is closed. Open it again to use it.`);
    try {
      return await work();
    } catch (error) {
      throw database.failure(error);
    }
  }

  async function* streamed<T>(stream: () => AsyncIterable<T>): AsyncGenerator<T> {
    const values = await asked(async () => stream()[Symbol.asyncIterator]());
    try {
      for (let next = await asked(() => values.next()); !next.done; next = await asked(() => values.next())) yield next.value;
    } finally {
      await values.return?.();
    }
  }

  const notify = (project: string) => writers.query("SELECT pg_notify('recobase', $1)", [JSON.stringify([opening, project])]);

  return {
    projects: () =>
      asked(async () => {
        const { rows } = await writers.query("SELECT name FROM recobase.projects");
        return rows.map(({ name }) => String(name)).sort();
      }),

    createProject: (project) =>
      asked(async () => {
        checkName("project", project);
        const { rowCount } = await writers.query("INSERT INTO recobase.projects (name) VALUES ($1) ON CONFLICT DO NOTHING", [project]);
        if (rowCount === 0) throw new RecoError("conflict", `The project "${project}" already exists.`);
        await notify(project);
      }),

    deleteProject: (project) =>
      asked(async () => {
        const { rowCount } = await writers.query("DELETE FROM recobase.projects WHERE name = $1", [project]);
        if (rowCount === 0) throw unknownProject(project);
        await notify(project);
      }),

    changes: (project, after, only) => streamed(() => readChanges(streams, project, after, only)),
    commit: (project, after, prepare) => asked(() => committer.commit(project, after, prepare)),

    putBlob: (project, name, chunks) =>
      asked(async () => {
        checkName("blob", name);
        await putBlob(streams, project, name, chunks);
      }),
    getBlob: (project, name) => streamed(() => getBlob(streams, project, name)),
    deleteBlob: (project, name) => asked(() => deleteBlob(writers, project, name)),
    blobs: (project) => asked(() => listBlobs(writers, project)),

    lead: (project) => asked(() => session.lead(project)),
    onForeignCommit: (listener) => session.listen(listener),

    size: () =>
      asked(async () => {
        const { rows } = await writers.query(
          "SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class WHERE relnamespace = 'recobase'::regnamespace AND relkind = 'r'",
        );
        return Number(rows[0].bytes);
      }),

    close() {
      closed ??= (async () => {
        clearInterval(forgetting);
        await committer.idle();
        await session.close();
        await database.end();
      })();
      return closed;
    },
  };
}
