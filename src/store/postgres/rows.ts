import type { ClientBase } from "pg";
import { RecoError } from "../../util/errors.ts";
import type { Write } from "../storage.ts";

type Replace = Extract<Write, { type: "replace" }>;

interface SegmentRow {
  readonly sequence: number;
  readonly place: number;
  readonly log: string;
  readonly bytes: Uint8Array;
}

interface DocumentRow {
  readonly sequence: number;
  readonly kind: string;
  readonly key: string;
  readonly body: string | null;
}

/** Maximum number of segments, and of their bytes, per statement: the protocol counts parameters in 16 bits. */
const STATEMENT_ROWS = 2000;
const STATEMENT_BYTES = 1 << 24;

/** Everything that one transaction writes to a project, collected so that few statements are needed. */
export class Rows {
  private readonly client: ClientBase;
  private readonly project: number;
  private readonly writer: string;
  private segments: SegmentRow[] = [];
  private bytes = 0;
  /** By kind and key: of several writes of a document, the last counts. */
  private readonly documents = new Map<string, DocumentRow>();

  constructor(client: ClientBase, project: number, writer: string) {
    this.client = client;
    this.project = project;
    this.writer = writer;
  }

  /** The error of a commit that replaces missing segments. */
  async conflict(writes: readonly Write[]): Promise<RecoError | undefined> {
    for (const write of writes) {
      if (write.type !== "replace") continue;
      const { rows } = await this.client.query(
        `SELECT wanted FROM unnest($3::bigint[]) AS wanted WHERE NOT EXISTS
          (SELECT 1 FROM recobase.segments WHERE project = $1 AND log = $2 AND sequence = wanted) LIMIT 1`,
        [this.project, write.log, write.sequences],
      );
      if (rows.length > 0)
        return new RecoError("conflict", `The segment ${rows[0].wanted} of ${write.log} no longer exists. Read the log again.`);
    }
    return undefined;
  }

  async add(sequence: number, writes: readonly Write[]): Promise<void> {
    let place = 0;
    for (const write of writes) {
      if (write.type === "replace") await this.replace(write);
      else if (write.type === "document") {
        const { kind, key, body } = write;
        this.documents.set(JSON.stringify([kind, key]), { sequence, kind, key, body: body ?? null });
      } else {
        this.segments.push({ sequence, place: place++, log: write.log, bytes: write.bytes });
        this.bytes += write.bytes.byteLength;
        if (this.segments.length >= STATEMENT_ROWS || this.bytes >= STATEMENT_BYTES) await this.flushSegments();
      }
    }
  }

  async flush(): Promise<void> {
    await this.flushSegments();
    await this.flushDocuments();
  }

  private async flushSegments(): Promise<void> {
    if (this.segments.length === 0) return;
    const rows = this.segments.map((_, i) => `($1, $2, $${4 * i + 3}, $${4 * i + 4}, $${4 * i + 5}, $${4 * i + 6})`);
    await this.client.query(`INSERT INTO recobase.segments (project, writer, sequence, place, log, bytes) VALUES ${rows}`, [
      this.project,
      this.writer,
      ...this.segments.flatMap(({ sequence, place, log, bytes }) => [sequence, place, log, bytes]),
    ]);
    this.segments = [];
    this.bytes = 0;
  }

  private async flushDocuments(): Promise<void> {
    if (this.documents.size === 0) return;
    const rows = [...this.documents.values()];
    await this.client.query(
      `INSERT INTO recobase.documents (project, writer, sequence, kind, key, body, deleted)
        SELECT $1, $2, sequence, kind, key, body, CASE WHEN body IS NULL THEN now() END
        FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[]) AS rows (sequence, kind, key, body)
        ON CONFLICT (project, kind, key) DO UPDATE
        SET writer = excluded.writer, sequence = excluded.sequence, body = excluded.body, deleted = excluded.deleted`,
      [
        this.project,
        this.writer,
        rows.map(({ sequence }) => sequence),
        rows.map(({ kind }) => kind),
        rows.map(({ key }) => key),
        rows.map(({ body }) => body),
      ],
    );
    this.documents.clear();
  }

  /** The new segment counts as written by the writer of the last old one, because it contains nothing new to that writer. */
  private async replace({ log, sequences, bytes }: Replace): Promise<void> {
    if (sequences.length === 0) return;
    const { rows } = await this.client.query(
      `WITH gone AS (DELETE FROM recobase.segments WHERE project = $1 AND log = $2 AND sequence = ANY ($3::bigint[]) RETURNING sequence, place, writer)
        SELECT sequence, place, writer FROM gone ORDER BY sequence DESC, place LIMIT 1`,
      [this.project, log, sequences],
    );
    if (bytes === undefined) return;
    const [{ sequence, place, writer }] = rows;
    await this.client.query(
      "INSERT INTO recobase.segments (project, writer, sequence, place, log, bytes) VALUES ($1, $2, $3, $4, $5, $6)",
      [this.project, writer, sequence, place, log, bytes],
    );
  }
}
