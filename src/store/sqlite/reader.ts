import { setImmediate } from "node:timers/promises";
import { RecoError } from "../../util/errors.ts";
import type { Change } from "../storage.ts";
import { cipher } from "./cipher.js";
import type { Database, Row, SqliteDriver } from "./database.ts";
import { storageFailure } from "./failure.ts";

/** Bytes read before other work gets a turn. */
const TURN = 1 << 22;
/** Overhead of a row, in bytes. */
const ROW = 1 << 11;

/**
 * Reads a database in parallel with the thread that writes it. Every stream reads one state of it, however long it takes, over its own connection.
 * Connections are reused, because the statements of a closed connection may keep it open until they are garbage-collected.
 */
export class Reader {
  private readonly driver: SqliteDriver;
  private readonly path: string;
  private readonly address: string;
  private readonly connections = new Set<Connection>();
  private readonly idle: Connection[] = [];

  /** Errors name the path; SQLite opens the address, which is the path or a URI. */
  constructor(driver: SqliteDriver, path: string, address: string) {
    this.driver = driver;
    this.path = path;
    this.address = address;
  }

  projects(): Promise<string[]> {
    return this.once(({ projects }) =>
      projects
        .all()
        .map(({ name }) => String(name))
        .sort(),
    );
  }

  changes(project: string, after: number, only?: "segment"): AsyncGenerator<Change> {
    return this.stream(function* (connection) {
      const id = projectId(connection, project);
      const documents = only === "segment" ? [].values() : connection.documents.iterate(id, after);
      yield* inOrder(connection.segments.iterate(id, after), documents);
    }, sizeOf);
  }

  getBlob(project: string, name: string): AsyncGenerator<Uint8Array> {
    return this.stream(
      function* (connection) {
        const blob = connection.blob.get(projectId(connection, project), name);
        if (blob === undefined) throw new RecoError("not-found", `The project "${project}" has no blob "${name}".`);
        for (const row of connection.chunks.iterate(blob.id)) yield unlocked(row);
      },
      ({ byteLength }) => byteLength,
    );
  }

  blobs(project: string): Promise<{ name: string; bytes: number }[]> {
    return this.once((connection) =>
      connection.blobs.all(projectId(connection, project)).map(({ name, bytes }) => ({ name: String(name), bytes: Number(bytes) })),
    );
  }

  /** Ends streams in progress. */
  close(): void {
    for (const connection of this.connections) {
      if (!this.idle.includes(connection)) endReading(connection);
      connection.db.close();
    }
    this.connections.clear();
    this.idle.length = 0;
  }

  private async once<T>(read: (connection: Connection) => T): Promise<T> {
    for await (const value of this.stream(
      function* (connection) {
        yield read(connection);
      },
      () => 0,
    ))
      return value;
    throw new Error("expected one value from the stream, but got none");
  }

  private async *stream<T>(read: (connection: Connection) => Generator<T>, size: (value: T) => number): AsyncGenerator<T> {
    let connection: Connection | undefined;
    try {
      connection = this.idle.pop() ?? this.connect();
      connection.begin.run();
      let bytes = 0;
      for (const value of read(connection)) {
        yield value;
        bytes += size(value) + ROW;
        if (bytes < TURN) continue;
        bytes = 0;
        await setImmediate();
      }
    } catch (error) {
      throw storageFailure(this.path, error);
    } finally {
      if (connection !== undefined) this.giveBack(connection);
    }
  }

  private giveBack(connection: Connection): void {
    if (!this.connections.has(connection)) return;
    try {
      connection.end.run();
      this.idle.push(connection);
    } catch {
      // It can't be reused; the stream reports what went wrong.
      this.connections.delete(connection);
      connection.db.close();
    }
  }

  private connect(): Connection {
    const connection = connectionOf(this.driver.open(this.address, { readOnly: true }));
    this.connections.add(connection);
    return connection;
  }
}

type Connection = ReturnType<typeof connectionOf>;

function connectionOf(db: Database) {
  return {
    db,
    begin: db.prepare("BEGIN"),
    end: db.prepare("COMMIT"),
    project: db.prepare("SELECT id FROM projects WHERE name = ?"),
    projects: db.prepare("SELECT name FROM projects WHERE name IS NOT NULL"),
    segments: db.prepare(`SELECT sequence, log, bytes, keys.key FROM segments CROSS JOIN keys ON keys.id = segments.key
        WHERE project = ? AND sequence > ? ORDER BY project, sequence, place`),
    documents: db.prepare(`SELECT sequence, bytes, keys.key FROM documents CROSS JOIN keys ON keys.id = documents.key
        WHERE project = ? AND sequence > ? ORDER BY project, sequence`),
    blob: db.prepare("SELECT id FROM blobs WHERE project = ? AND name = ? AND bytes IS NOT NULL"),
    blobs: db.prepare("SELECT name, bytes FROM blobs WHERE project = ? AND bytes IS NOT NULL ORDER BY name"),
    chunks: db.prepare("SELECT bytes, keys.key FROM chunks CROSS JOIN keys ON keys.id = chunks.key WHERE blob = ? ORDER BY place"),
  };
}

/**
 * Ends what a stream that was left in the middle still reads. Otherwise, the package used on Node 20 would hold its view of the database open after closing
 * it, so that the write-ahead log couldn't be emptied.
 */
function endReading({ end, segments, documents, chunks }: Connection): void {
  try {
    // Running a statement ends what it did before.
    for (const statement of [segments, documents]) statement.get(-1, 0);
    chunks.get(-1);
    end.run();
  } catch {
    // There was nothing to end.
  }
}

function projectId({ project }: Connection, name: string): number {
  const row = project.get(name);
  if (row === undefined) throw new RecoError("unknown-project", `Unknown project: "${name}".`);
  return Number(row.id);
}

/** Merges two sequences of rows, each sorted by sequence. */
function* inOrder(segments: Iterator<Row>, documents: Iterator<Row>): Generator<Change> {
  try {
    let segment = segments.next();
    let document = documents.next();
    while (!segment.done || !document.done) {
      if (!segment.done && (document.done || Number(segment.value.sequence) <= Number(document.value.sequence))) {
        const { sequence, log } = segment.value;
        yield { sequence: Number(sequence), type: "segment", log: String(log), bytes: unlocked(segment.value) };
        segment = segments.next();
      } else if (!document.done) {
        const [kind, key, body] = utf8.decode(unlocked(document.value)).split("\0");
        yield { sequence: Number(document.value.sequence), type: "document", kind, key, body };
        document = documents.next();
      }
    }
  } finally {
    segments.return?.();
    documents.return?.();
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** The value of a row, decrypted. */
function unlocked({ bytes, key }: Row): Uint8Array {
  return bytes === null ? new Uint8Array() : cipher(bytes as Uint8Array, key as Uint8Array);
}

function sizeOf(change: Change): number {
  return change.type === "segment" ? change.bytes.byteLength : (change.body?.length ?? 0);
}
