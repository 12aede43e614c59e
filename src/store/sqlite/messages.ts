import type { Write } from "../storage.ts";
import type { SqliteFailure } from "./failure.ts";

/** Tasks for the writer; each runs in a transaction. */
export type Task =
  /** `generation`: the number of failures known when it was prepared. */
  | { readonly type: "commit"; readonly project: string; readonly generation: number; readonly writes: readonly Write[] }
  | { readonly type: "create-project"; readonly project: string }
  /** Makes the project unreachable; sweeps then remove its contents. */
  | { readonly type: "unname-project"; readonly project: string }
  | { readonly type: "sweep" }
  | { readonly type: "begin-blob"; readonly project: string; readonly name: string }
  | { readonly type: "add-chunk"; readonly blob: number; readonly place: number; readonly bytes: Uint8Array }
  | { readonly type: "finish-blob"; readonly blob: number; readonly bytes: number }
  | { readonly type: "drop-blob"; readonly blob: number }
  | { readonly type: "delete-blob"; readonly project: string; readonly name: string }
  | { readonly type: "close" };

export type Request = Task & { readonly id: number };

/** Why a task failed: an error of ours, by its code, or one of SQLite. */
export type Refusal = SqliteFailure & { readonly code?: "unknown-project" | "conflict" };

export interface Reply {
  readonly id: number;
  /** The sequence of a commit, the number of a blob, or the number of rows a sweep removed. */
  readonly value?: number;
  readonly refusal?: Refusal;
}

/** The replies to the tasks of one transaction. */
export interface Replies {
  readonly replies: readonly Reply[];
  /** Number of failures so far. */
  readonly generation: number;
}

/** The initial data of a writer. */
export interface WriterStart {
  /** The module to import SQLite from. */
  readonly module: string;
  readonly path: string;
  /** A free key, in SQL. */
  readonly freeKey: string;
  readonly generation: number;
}
