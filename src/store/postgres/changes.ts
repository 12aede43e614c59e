import type { ClientBase, Pool } from "pg";
import { RecoError } from "../../util/errors.ts";
import type { Change } from "../storage.ts";
import { checkRemembered } from "./schema.ts";

/** Bytes to fetch at a time. */
const FETCH_BYTES = 1 << 22;
const FETCH_ROWS = 2000;

/** The number of a project, and the highest sequence of its forgotten deletions. @throws RecoError `unknown-project` */
export async function findProject(client: ClientBase | Pool, name: string): Promise<{ id: number; forgotten: number }> {
  const { rows } = await client.query("SELECT id, forgotten FROM recobase.projects WHERE name = $1", [name]);
  if (rows.length === 0) throw unknownProject(name);
  return { id: Number(rows[0].id), forgotten: Number(rows[0].forgotten) };
}

export function unknownProject(name: string): RecoError {
  return new RecoError("unknown-project", `Unknown project: "${name}".`);
}

/** One state of a project, streamed. */
export async function* readChanges(pool: Pool, project: string, after: number, only?: "segment"): AsyncGenerator<Change> {
  yield* inSnapshot(pool, async function* (client) {
    const { id, forgotten } = await findProject(client, project);
    checkRemembered(project, after, forgotten);
    yield* changesOf(client, id, after, "", only);
  });
}

/** What writers other than `writer` committed after `after`, read within a transaction. */
export async function missedChanges(client: ClientBase, id: number, after: number, writer: string): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const change of changesOf(client, id, after, `AND writer <> ${client.escapeLiteral(writer)}`)) changes.push(change);
  return changes;
}

/** A transaction that sees a single state of the database for as long as it lasts. */
export async function* inSnapshot<T>(pool: Pool, read: (client: ClientBase) => AsyncGenerator<T>): AsyncGenerator<T> {
  const client = await pool.connect();
  let broken = true;
  const onError = () => {};
  client.on("error", onError);
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    yield* read(client);
  } finally {
    broken = await client.query("ROLLBACK").then(
      () => false,
      () => true,
    );
    client.off("error", onError);
    client.release(broken);
  }
}

/** Rows as the driver returns them: 64-bit numbers as text, bytes in memory that several values may share. */
interface SegmentRow {
  readonly sequence: string;
  readonly log: string;
  readonly bytes: Buffer;
}

interface DocumentRow {
  readonly sequence: string;
  readonly kind: string;
  readonly key: string;
  readonly body: string | null;
}

/** Segments and documents, each sorted by sequence, merged. */
async function* changesOf(client: ClientBase, id: number, after: number, filter: string, only?: "segment"): AsyncGenerator<Change> {
  const where = `project = ${id} AND sequence > ${Math.trunc(after)} ${filter}`;
  const segments = fetched<SegmentRow>(
    client,
    "segments",
    `SELECT sequence, log, bytes FROM recobase.segments WHERE ${where} ORDER BY sequence, place`,
    ({ bytes }) => bytes.byteLength,
  );
  // A reader of everything has seen nothing that could have been deleted.
  const there = only === "segment" ? "AND FALSE" : after === 0 ? "AND body IS NOT NULL" : "";
  const documents = fetched<DocumentRow>(
    client,
    "documents",
    `SELECT sequence, kind, key, body FROM recobase.documents WHERE ${where} ${there} ORDER BY sequence`,
    ({ body }) => body?.length ?? 0,
  );
  let segment = await segments.next();
  let document = await documents.next();
  while (!segment.done || !document.done) {
    if (!segment.done && (document.done || Number(segment.value.sequence) <= Number(document.value.sequence))) {
      const { sequence, log, bytes } = segment.value;
      yield { sequence: Number(sequence), type: "segment", log, bytes: new Uint8Array(bytes) };
      segment = await segments.next();
    } else if (!document.done) {
      const { sequence, kind, key, body } = document.value;
      yield { sequence: Number(sequence), type: "document", kind, key, body: body ?? undefined };
      document = await documents.next();
    }
  }
}

/** The rows of a query, fetched in batches of a few megabytes. */
async function* fetched<T>(client: ClientBase, name: string, query: string, size: (row: T) => number): AsyncGenerator<T> {
  await client.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${query}`);
  let count = 16;
  for (;;) {
    const { rows } = await client.query<T & object>(`FETCH ${count} FROM ${name}`);
    let bytes = 0;
    for (const row of rows) {
      bytes += size(row) + 100;
      yield row;
    }
    if (rows.length < count) break;
    count = Math.max(1, Math.min(FETCH_ROWS, 4 * count, Math.floor((FETCH_BYTES * rows.length) / bytes)));
  }
  await client.query(`CLOSE ${name}`);
}
