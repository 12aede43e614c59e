import type { OnProgress } from "../util/progress.ts";
import type { ColumnRef, Role } from "./readers/columns.ts";
import type { RepeatPolicy } from "./repeats.ts";

/** How files are read. Everything has a guess or a default; what was guessed stands in the provenance ({@link formatSummary}). */
export interface LoadOptions extends Partial<Record<Role, ColumnRef>> {
  /** Column of the user ids: its name, or its place from 0. */
  readonly user?: ColumnRef;
  /** Column of the item ids. */
  readonly item?: ColumnRef;
  /** Column of ratings, counts or confidences; false for none. */
  readonly weight?: ColumnRef;
  /** Column of times: Unix seconds (milliseconds, …), ISO dates, or any ascending number; false for none. */
  readonly time?: ColumnRef;
  /** Column of event types (view, cart, buy); false for none. */
  readonly type?: ColumnRef;
  /** A well-known arrangement of files, by name: `movielens-100k`, `movielens-1m`, `lightgcn`, `sasrec`. */
  readonly layout?: string;
  readonly format?: "delimited" | "json-lines" | "parquet";
  /** What stands between the fields of a delimited file: `","`, `"\t"`, `"::"`. */
  readonly delimiter?: string;
  /** Whether the first row names the columns. */
  readonly header?: boolean;
  /** Whether a row that cannot be read is an error (`"fail"`, the default), or is left out and counted. */
  readonly onError?: "fail" | "skip";
  /** What becomes of several interactions of one user with one item; `"last"` by default, `"all"` in layouts that are sequences. */
  readonly repeats?: RepeatPolicy;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}
