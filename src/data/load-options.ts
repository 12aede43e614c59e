import type { OnProgress } from "../util/progress.ts";
import type { ColumnRef, Role } from "./readers/columns.ts";
import type { Groups } from "./readers/moments.ts";
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
  /** Column of sessions: interactions of a user with the same value belong together. Read only if given. */
  readonly session?: string | number;
  /** Column of baskets (orders, receipts): items of a user with the same value were bought together. Read only if given. */
  readonly basket?: string | number;
  /**
   * Columns with features of the moment (device, place, weather), each under its own name: numbers if every value is one, otherwise
   * categories. Empty values are unknown. Read only if given.
   */
  readonly context?: readonly (string | number)[];
  /** A well-known arrangement of files, by name: `movielens-100k`, `movielens-1m`, `lightgcn`, `sasrec`. */
  readonly layout?: string;
  readonly format?: "delimited" | "json-lines" | "parquet";
  /** What stands between the fields of a delimited file: `","`, `"\t"`, `"::"`. */
  readonly delimiter?: string;
  /** Whether the first row names the columns. */
  readonly header?: boolean;
  /** Whether a row that cannot be read is an error (`"fail"`, the default), or is left out and counted. */
  readonly onError?: "fail" | "skip";
  /** What becomes of several interactions of one user with one item; `"last"` by default, `"all"` with sessions or baskets and in layouts that are sequences. */
  readonly repeats?: RepeatPolicy;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** {@link LoadOptions}, with the sessions and baskets that files read one by one have in common. */
export interface ReadOptions extends LoadOptions {
  readonly groups?: Groups;
}
