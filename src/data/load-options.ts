import type { OnProgress } from "../util/progress.ts";
import type { ColumnRef, Role } from "./readers/columns.ts";
import type { Groups } from "./readers/moments.ts";
import type { RepeatPolicy } from "./repeats.ts";
import type { TimeForm } from "./time-reader.ts";

/** How to read files. Everything is detected or has a default; the provenance records what was detected (see {@link formatSummary}). */
export interface LoadOptions extends Partial<Record<Role, ColumnRef>>, TimeForm {
  /** Column of the user ids: its name, or its position from 0. */
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
  /** The file layout of a public data set: `movielens-100k`, `movielens-1m`, `lightgcn` or `sasrec`. */
  readonly layout?: string;
  readonly format?: "delimited" | "json-lines" | "parquet";
  /**
   * The encoding of the file, such as `windows-1252`, `latin1`, `utf-16le` or another name of the WHATWG encoding standard. By default UTF-8,
   * UTF-16 by its byte-order mark, and Windows-1252 if it can't be UTF-8.
   */
  readonly encoding?: string;
  /** The field delimiter, such as `","`, `"\t"` or `"::"`. */
  readonly delimiter?: string;
  /** Whether the first row names the columns. */
  readonly header?: boolean;
  /** Whether an unreadable row is an error (`"fail"`, the default), or is skipped and counted. */
  readonly onError?: "fail" | "skip";
  /** How to combine several interactions of a user with an item. Default `"last"`; `"all"` with sessions or baskets, and in layouts of sequences. */
  readonly repeats?: RepeatPolicy;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Load options, with the sessions and baskets to share between files that are read separately. */
export interface ReadOptions extends LoadOptions {
  readonly groups?: Groups;
}
