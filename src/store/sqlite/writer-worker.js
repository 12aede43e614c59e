// @ts-check
// The thread that writes a database, so that waiting for the disk blocks nothing else. Plain JavaScript, because Node 20 can't start workers from
// TypeScript. messages.ts describes its messages.
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { cipher, nameOf, newKey } from "./cipher.js";

/** @typedef {import("./messages.ts").Request} Request */
/** @typedef {import("./messages.ts").Reply} Reply */
/** @typedef {Extract<Request, { type: "commit" }>} Commit */

const port = parentPort;
if (port === null) throw new Error("writer-worker must run as a worker");

/** Bytes of segments after which a transaction accepts no more commits. Bounds their waiting time and the write-ahead log. */
const TRANSACTION_BYTES = 1 << 24;
/** Milliseconds to wait for a lock; only another program can hold one. */
const LOCK_TIMEOUT = 2000;
/** Milliseconds until the next attempt to clear deleted data from the write-ahead log, if a reader was using it. */
const SCRUB_AGAIN = 100;

const start = /** @type {import("./messages.ts").WriterStart} */ (workerData);
// Node warns in each thread that its SQLite is experimental.
process.removeAllListeners("warning");
const { DatabaseSync } = await import(start.module);
/** @type {import("./database.ts").Database} */
const db = new DatabaseSync(start.path, { timeout: LOCK_TIMEOUT });
db.exec("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA secure_delete = FAST; PRAGMA cache_size = -32000");

/** Deletes about 16 MB of the data of projects without a name, and the projects themselves once nothing else is left. */
const unnamed = "SELECT id FROM projects WHERE name IS NULL";
const SWEEP = [
  `DELETE FROM segments WHERE id IN (SELECT id FROM segments WHERE project IN (${unnamed}) LIMIT 400)`,
  `DELETE FROM documents WHERE (project, name) IN (SELECT project, name FROM documents WHERE project IN (${unnamed}) LIMIT 5000)`,
  `DELETE FROM chunks WHERE (blob, place) IN (SELECT blob, place FROM chunks WHERE blob IN (SELECT id FROM blobs WHERE project IN (${unnamed})) LIMIT 8)`,
  `DELETE FROM blobs WHERE project IN (${unnamed}) AND NOT EXISTS (SELECT 1 FROM chunks WHERE blob = blobs.id)`,
  `DELETE FROM projects WHERE name IS NULL AND NOT EXISTS (SELECT 1 FROM segments WHERE project = projects.id)
    AND NOT EXISTS (SELECT 1 FROM documents WHERE project = projects.id) AND NOT EXISTS (SELECT 1 FROM blobs WHERE project = projects.id)`,
];

/** @param {string} sql */
const sql = (sql) => db.prepare(sql);
const begin = sql("BEGIN IMMEDIATE");
const end = sql("COMMIT");
const statements = {
  project: sql("SELECT id, last FROM projects WHERE name = ?"),
  createProject: sql("INSERT INTO projects (name, last) VALUES (?, 0)"),
  last: sql("UPDATE projects SET last = ? WHERE id = ?"),
  freeKey: sql(`SELECT id FROM keys WHERE key = ${start.freeKey} LIMIT 1`),
  reuseKey: sql("UPDATE keys SET key = ? WHERE id = ?"),
  addKey: sql("INSERT INTO keys (key) VALUES (?)"),
  segment: sql("INSERT INTO segments (project, sequence, place, log, key, bytes) VALUES (?, ?, ?, ?, ?, ?)"),
  segmentThere: sql("SELECT min(place) AS place FROM segments WHERE project = ? AND sequence = ? AND log = ?"),
  deleteSegment: sql("DELETE FROM segments WHERE project = ? AND sequence = ? AND log = ?"),
  document: sql("INSERT INTO documents (project, name, sequence, key, bytes) VALUES (?, ?, ?, ?, ?)"),
  deleteDocument: sql("DELETE FROM documents WHERE project = ? AND name = ?"),
  blob: sql("INSERT INTO blobs (project, name) VALUES (?, ?) RETURNING id"),
  blobThere: sql("SELECT 1 FROM blobs WHERE id = ?"),
  chunk: sql("INSERT INTO chunks (blob, place, key, bytes) VALUES (?, ?, ?, ?)"),
  replacedBlob: sql(
    "SELECT old.id FROM blobs new JOIN blobs old ON old.project = new.project AND old.name = new.name AND old.bytes IS NOT NULL WHERE new.id = ?",
  ),
  namedBlob: sql("SELECT id FROM blobs WHERE project = ? AND name = ? AND bytes IS NOT NULL"),
  finishBlob: sql("UPDATE blobs SET bytes = ? WHERE id = ?"),
  deleteChunks: sql("DELETE FROM chunks WHERE blob = ?"),
  deleteBlob: sql("DELETE FROM blobs WHERE id = ?"),
  unname: sql("UPDATE projects SET name = NULL WHERE id = ?"),
  sweep: SWEEP.map(sql),
  checkpoint: sql("PRAGMA wal_checkpoint(TRUNCATE)"),
};

const secret = /** @type {Uint8Array} */ (sql("SELECT secret FROM meta").get()?.secret);
const utf8 = new TextEncoder();

/**
 * Encrypts a value with a new key, and writes the key.
 *
 * @param {Uint8Array} bytes
 * @returns {[key: number | bigint, bytes: Uint8Array]} what to store in a row
 */
function locked(bytes) {
  const key = newKey();
  let id = /** @type {number | undefined} */ (statements.freeKey.get()?.id);
  if (id === undefined) id = Number(statements.addKey.run(key).lastInsertRowid);
  else statements.reuseKey.run(key, id);
  return [id, cipher(bytes, key)];
}

/** An error that affects one task and leaves the transaction unchanged. */
class Refused extends Error {
  /**
   * @param {"unknown-project" | "conflict"} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Counts failures. A commit prepared before the last failure may depend on data that wasn't written. */
let generation = start.generation;
/** @type {import("./messages.ts").Refusal} */
let lastFailure = { message: "" };
/** Whether the write-ahead log still contains deleted data. */
let scrub = false;

/** Numbers and last sequences of projects, as seen by the current transaction. @type {Map<string, { id: number, last: number }>} */
const projects = new Map();

/** @param {string} name */
function projectOf(name) {
  let project = projects.get(name);
  if (project === undefined) {
    const row = statements.project.get(name);
    if (row === undefined) throw new Refused("unknown-project", `Unknown project: "${name}".`);
    project = { id: Number(row.id), last: Number(row.last) };
    projects.set(name, project);
  }
  return project;
}

/** @param {Commit} task */
function commit({ project: name, generation: prepared, writes }) {
  if (prepared < generation) throw lastFailure;
  const project = projectOf(name);
  const { id } = project;
  for (const write of writes)
    if (write.type === "replace")
      for (const sequence of write.sequences)
        if (statements.segmentThere.get(id, sequence, write.log)?.place == null)
          throw new Refused("conflict", `The segment ${sequence} of ${write.log} no longer exists. Read the log again.`);
  if (writes.length === 0) return project.last;
  const sequence = project.last + 1;
  let place = 0;
  for (const write of writes) {
    if (write.type === "segment") statements.segment.run(id, sequence, place++, write.log, ...locked(write.bytes));
    else if (write.type === "replace") replace(id, write);
    else putDocument(id, sequence, write);
  }
  statements.last.run(sequence, id);
  project.last = sequence;
  return sequence;
}

/**
 * @param {number} project
 * @param {number} sequence
 * @param {Extract<import("../storage.ts").Write, { type: "document" }>} write
 */
function putDocument(project, sequence, { kind, key, body }) {
  const name = nameOf(secret, kind, key);
  if (Number(statements.deleteDocument.run(project, name).changes) > 0) scrub ||= body === undefined;
  if (body !== undefined) statements.document.run(project, name, sequence, ...locked(utf8.encode(`${kind}\0${key}\0${body}`)));
}

/**
 * @param {number} project
 * @param {Extract<import("../storage.ts").Write, { type: "replace" }>} write
 */
function replace(project, { log, sequences, bytes }) {
  if (sequences.length === 0) return;
  const sequence = sequences.reduce((a, b) => Math.max(a, b));
  const place = statements.segmentThere.get(project, sequence, log)?.place ?? 0;
  for (const replaced of new Set(sequences)) statements.deleteSegment.run(project, replaced, log);
  if (bytes !== undefined) statements.segment.run(project, sequence, place, log, ...locked(bytes));
  scrub = true;
}

/** @param {number} blob */
function checkBlob(blob) {
  if (statements.blobThere.get(blob) === undefined)
    throw new Refused("unknown-project", "The project was deleted while one of its blobs was being written.");
}

/** @param {number} blob */
function dropBlob(blob) {
  statements.deleteChunks.run(blob);
  statements.deleteBlob.run(blob);
  scrub = true;
}

/**
 * Removes part of a project without a name, so that removing a large project doesn't block others for long.
 *
 * @returns {number} rows removed
 */
function sweep() {
  let removed = 0;
  for (const statement of statements.sweep) removed += Number(statement.run().changes);
  if (removed > 0) scrub = true;
  return removed;
}

/**
 * @param {Request} task
 * @returns {number | undefined}
 */
function perform(task) {
  if (task.type === "commit") return commit(task);
  if (task.type === "create-project") {
    if (statements.project.get(task.project) !== undefined) throw new Refused("conflict", `The project "${task.project}" already exists.`);
    statements.createProject.run(task.project);
  } else if (task.type === "unname-project") {
    statements.unname.run(projectOf(task.project).id);
    projects.delete(task.project);
  } else if (task.type === "sweep") return sweep();
  else if (task.type === "begin-blob") return Number(statements.blob.get(projectOf(task.project).id, task.name)?.id);
  else if (task.type === "add-chunk") {
    checkBlob(task.blob);
    statements.chunk.run(task.blob, task.place, ...locked(task.bytes));
  } else if (task.type === "finish-blob") {
    checkBlob(task.blob);
    const replaced = statements.replacedBlob.get(task.blob);
    if (replaced !== undefined) dropBlob(Number(replaced.id));
    statements.finishBlob.run(task.bytes, task.blob);
  } else if (task.type === "drop-blob") dropBlob(task.blob);
  else if (task.type === "delete-blob") {
    const blob = statements.namedBlob.get(projectOf(task.project).id, task.name);
    if (blob !== undefined) dropBlob(Number(blob.id));
  }
  return undefined;
}

/**
 * Runs tasks in one transaction, all or none, except those that are rejected for a reason of their own.
 *
 * @param {readonly Request[]} tasks
 */
function transact(tasks) {
  /** @type {Reply[]} */
  let replies = [];
  try {
    begin.run();
    for (const task of tasks)
      try {
        replies.push({ id: task.id, value: perform(task) });
      } catch (error) {
        if (error !== lastFailure && !(error instanceof Refused)) throw error;
        const refusal = refusalOf(error);
        replies.push({ id: task.id, refusal });
        if (task.type === "commit" && refusal.code === "conflict") fail(refusal);
      }
    end.run();
  } catch (error) {
    // If SQLite has already rolled back, this fails, which is fine.
    try {
      db.exec("ROLLBACK");
    } catch {}
    projects.clear();
    const refusal = refusalOf(error);
    fail(refusal);
    replies = tasks.map(({ id }) => ({ id, refusal }));
  }
  if (scrub) emptyLog();
  port?.postMessage({ replies, generation });
}

/** @param {import("./messages.ts").Refusal} refusal */
function fail(refusal) {
  generation++;
  lastFailure = { message: `an earlier write that this one may depend on failed: ${refusal.message}`, errcode: refusal.errcode };
}

/**
 * @param {any} error
 * @returns {import("./messages.ts").Refusal}
 */
function refusalOf({ message, code, errcode }) {
  return { message, errcode, code: code === "unknown-project" || code === "conflict" ? code : undefined };
}

/** Checkpoints the write-ahead log and truncates it, because it still contains deleted data. */
function emptyLog() {
  try {
    // Don't wait for a reader that is using the log.
    db.exec("PRAGMA busy_timeout = 0");
    scrub = statements.checkpoint.get()?.busy !== 0;
  } catch {
    // The disk is full, or worse. The commit is in the log, and the next attempt will follow.
  }
  db.exec(`PRAGMA busy_timeout = ${LOCK_TIMEOUT}`);
  if (scrub) setTimeout(() => scrub && emptyLog(), SCRUB_AGAIN).unref();
}

/** @param {Request} task */
function bytesOf(task) {
  if (task.type !== "commit") return 0;
  let sum = 0;
  for (const write of task.writes) if (write.type !== "document") sum += write.bytes?.byteLength ?? 0;
  return sum;
}

port.on("message", (/** @type {readonly Request[]} */ first) => {
  // Take everything that is waiting: larger transactions mean fewer waits for the disk.
  const waiting = [...first];
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) waiting.push(...next.message);
  /** @type {Request[]} */
  let group = [];
  let bytes = 0;
  const flush = () => {
    if (group.length > 0) transact(group);
    group = [];
    bytes = 0;
  };
  for (const task of waiting) {
    // Separately, so that a model that doesn't fit on the disk doesn't affect events.
    if (task.type !== "commit") flush();
    if (task.type === "close") return close(task.id);
    group.push(task);
    bytes += bytesOf(task);
    if (task.type !== "commit" || bytes > TRANSACTION_BYTES) flush();
  }
  flush();
});

/** @param {number} id */
function close(id) {
  emptyLog();
  scrub = false;
  db.close();
  port?.postMessage({ replies: [{ id }], generation });
  port?.close();
}
