import { RecoError } from "../../util/errors.ts";
import { throwIfAborted } from "../../util/progress.ts";

/** What can be imported and exported. */
export type RowKind = "events" | "items" | "users";

/** The file formats. */
export type RowFormat = "jsonl" | "csv" | "tsv" | "parquet";

/** A row as read: its fields by name, or an error message. */
export type ImportRow = Readonly<Record<string, unknown>> | string;

/** Writes rows of one kind. */
export interface RowWriter {
  /** Converts a row for writing; returns an error message if the row is unusable. */
  read(row: Readonly<Record<string, unknown>>): object | string;
  /** Writes converted rows. Rows refused at this point are reported by index. */
  write(rows: readonly object[]): Promise<{
    readonly written: number;
    readonly duplicates: number;
    readonly refused: readonly { readonly index: number; readonly message: string }[];
    readonly warnings: readonly string[];
  }>;
}

export interface ImportCounts {
  rows: number;
  written: number;
  duplicates: number;
  bad: number;
  /** The first bad rows. */
  readonly badRows: { readonly line: number; readonly message: string }[];
  /** What looks misspelled, each once. */
  readonly warnings: string[];
}

const BATCH = 5000;
const SHOWN = 100;

/**
 * Takes rows from a reader and writes them in batches. The reader calls `add` for every row and awaits `flush` between blocks of input, so
 * it never reads faster than rows are written.
 */
export class Importer {
  readonly counts: ImportCounts;
  private readonly target: RowWriter;
  private readonly signal: AbortSignal;
  private waiting: { readonly line: number; readonly row: object }[] = [];

  constructor(
    target: RowWriter,
    signal: AbortSignal,
    counts: ImportCounts = { rows: 0, written: 0, duplicates: 0, bad: 0, badRows: [], warnings: [] },
  ) {
    this.counts = counts;
    this.target = target;
    this.signal = signal;
  }

  add(line: number, row: ImportRow): void {
    this.counts.rows++;
    const read = typeof row === "string" ? row : this.target.read(row);
    if (typeof read === "string") this.reject(line, read);
    else this.waiting.push({ line, row: read });
  }

  /** Writes the pending rows if they fill a batch, or at the end. @throws RecoError `aborted`, `storage-failed` */
  async flush(end = false): Promise<void> {
    while (this.waiting.length >= BATCH || (end && this.waiting.length > 0)) {
      throwIfAborted(this.signal);
      const batch = this.waiting.slice(0, BATCH);
      this.waiting = this.waiting.slice(BATCH);
      await this.write(batch);
    }
  }

  /** Items and users are written all or none, so on a rejection the batch is halved until the bad row is isolated. */
  private async write(batch: readonly { readonly line: number; readonly row: object }[]): Promise<void> {
    try {
      const { written, duplicates, refused, warnings } = await this.target.write(batch.map(({ row }) => row));
      this.counts.written += written;
      this.counts.duplicates += duplicates;
      for (const warning of warnings)
        if (this.counts.warnings.length < SHOWN && !this.counts.warnings.includes(warning)) this.counts.warnings.push(warning);
      for (const { index, message } of refused) this.reject(batch[index].line, message);
    } catch (error) {
      if (!(error instanceof RecoError) || error.code !== "bad-input") throw error;
      if (batch.length === 1) return this.reject(batch[0].line, error.message);
      const half = batch.length >> 1;
      await this.write(batch.slice(0, half));
      await this.write(batch.slice(half));
    }
  }

  private reject(line: number, message: string): void {
    this.counts.bad++;
    if (this.counts.badRows.length < SHOWN) this.counts.badRows.push({ line, message: message.slice(0, 300) });
  }
}
