import type { Write } from "../storage.ts";
import type { SqliteFailure } from "./failure.ts";

/** What the writer is asked to do, each in a transaction. */
export type Task =
  /** `generation`: how many failures were known when it was prepared. */
  | { readonly type: "commit"; readonly project: string; readonly generation: number; readonly writes: readonly Write[] }
  | { readonly type: "create-project"; readonly project: string }
  /** Nobody finds the project any more; what it holds is swept away. */
  | { readonly type: "unname-project"; readonly project: string }
  | { readonly type: "sweep" }
  | { readonly type: "begin-blob"; readonly project: string; readonly name: string }
  | { readonly type: "add-chunk"; readonly blob: number; readonly place: number; readonly bytes: Uint8Array }
  | { readonly type: "finish-blob"; readonly blob: number; readonly bytes: number }
  | { readonly type: "drop-blob"; readonly blob: number }
  | { readonly type: "delete-blob"; readonly project: string; readonly name: string }
  | { readonly type: "close" };

export type Request = Task & { readonly id: number };

/** Why a task was not done: an error of ours, by its code, or one of SQLite. */
export type Refusal = SqliteFailure & { readonly code?: "unknown-project" | "conflict" };

export interface Reply {
  readonly id: number;
  /** The sequence of a commit, the number of a blob, the rows that a sweep removed. */
  readonly value?: number;
  readonly refusal?: Refusal;
}

/** What comes back for the tasks of one transaction. */
export interface Replies {
  readonly replies: readonly Reply[];
  /** How many failures there were. */
  readonly generation: number;
}

/** What a writer starts with. */
export interface WriterStart {
  /** To import SQLite from. */
  readonly module: string;
  readonly path: string;
  /** A key that is free, in SQL. */
  readonly freeKey: string;
  readonly generation: number;
}
