import { RecoError } from "../../util/errors.ts";
import { throwIfAborted } from "../../util/progress.ts";

/** What can be imported and exported. */
export type RowKind = "events" | "items" | "users";

/** The files that are read and written. */
export type RowFormat = "jsonl" | "csv" | "tsv" | "parquet";

/** A row as it came: its fields by name, or what is wrong with it already. */
export type ImportRow = Readonly<Record<string, unknown>> | string;

/** Where rows of one kind go. */
export interface RowWriter {
  /** What the row is to be written as; what is wrong with it, in a sentence, where it cannot. */
  read(row: Readonly<Record<string, unknown>>): object | string;
  /** Writes rows that were read. Those that are rejected after all are named by their place. */
  write(rows: readonly object[]): Promise<{
    readonly written: number;
    readonly duplicates: number;
    readonly rejected: readonly { readonly index: number; readonly message: string }[];
  }>;
}

export interface ImportCounts {
  rows: number;
  written: number;
  duplicates: number;
  bad: number;
  /** The first of them. */
  readonly badRows: { readonly line: number; readonly message: string }[];
}

const BATCH = 5000;
const SHOWN = 100;

/**
 * Takes rows as a reader finds them, and writes them in batches. A reader calls `add` for every row, and waits for `flush` between blocks
 * of its input: so no more is read than can be written.
 */
export class Importer {
  readonly counts: ImportCounts = { rows: 0, written: 0, duplicates: 0, bad: 0, badRows: [] };
  private readonly target: RowWriter;
  private readonly signal: AbortSignal;
  private waiting: { readonly line: number; readonly row: object }[] = [];

  constructor(target: RowWriter, signal: AbortSignal) {
    this.target = target;
    this.signal = signal;
  }

  add(line: number, row: ImportRow): void {
    this.counts.rows++;
    const read = typeof row === "string" ? row : this.target.read(row);
    if (typeof read === "string") this.reject(line, read);
    else this.waiting.push({ line, row: read });
  }

  /** Writes what waits, if it is a batch, or at the end. @throws RecoError `aborted`, `storage-failed` */
  async flush(end = false): Promise<void> {
    while (this.waiting.length >= BATCH || (end && this.waiting.length > 0)) {
      throwIfAborted(this.signal);
      const batch = this.waiting.slice(0, BATCH);
      this.waiting = this.waiting.slice(BATCH);
      await this.write(batch);
    }
  }

  /** Items and users are written all or none, so where one is rejected, halves are tried until it stands alone. */
  private async write(batch: readonly { readonly line: number; readonly row: object }[]): Promise<void> {
    try {
      const { written, duplicates, rejected } = await this.target.write(batch.map(({ row }) => row));
      this.counts.written += written;
      this.counts.duplicates += duplicates;
      for (const { index, message } of rejected) this.reject(batch[index].line, message);
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
