/**
 * Stored data has two shapes. Both carry the sequence of the commit that wrote them.
 *
 * - A segment is a packed block of log rows, written once. Compaction replaces a run of segments with an equivalent one.
 * - A document is a small JSON value with a kind and a key: an item, a user, a model record, an API key.
 */
export type Change =
  | { readonly sequence: number; readonly type: "segment"; readonly log: string; readonly bytes: Uint8Array }
  /** `body` is JSON text; undefined if the document was deleted. */
  | {
      readonly sequence: number;
      readonly type: "document";
      readonly kind: string;
      readonly key: string;
      readonly body: string | undefined;
    };

/**
 * One write of a commit. The storage takes ownership of the bytes: the array is empty afterwards, like after a transfer to another thread.
 * Log, kind, key and body must not contain NUL or unpaired surrogates.
 */
export type Write =
  | { readonly type: "segment"; readonly log: string; readonly bytes: Uint8Array }
  | { readonly type: "document"; readonly kind: string; readonly key: string; readonly body: string | undefined }
  /**
   * Replaces the segments of `log` with these sequences, at the place of the last one. Used for compaction, deletion and retention. The
   * commit rejects with `conflict` if one of them no longer exists because another process replaced it.
   */
  | {
      readonly type: "replace";
      readonly log: string;
      readonly sequences: readonly number[];
      /** Omitted if nothing is left of them. */
      readonly bytes: Uint8Array | undefined;
    };

/**
 * Where bytes are stored: the narrow interface that SQLite, PostgreSQL and memory implement. Events, vocabularies, catalogs and tenants
 * are implemented once, on top of it.
 *
 * Every method rejects with RecoError `storage-failed` if the disk or database fails. Nothing of that commit is stored then.
 */
export interface Storage {
  /** The names of all projects, sorted. */
  projects(): Promise<string[]>;
  /** @throws RecoError `conflict` if it already exists */
  createProject(project: string): Promise<void>;
  /** Deletes a project and everything in it. @throws RecoError `unknown-project` */
  deleteProject(project: string): Promise<void>;
  /**
   * Everything committed to a project after `sequence` (0 for all), in sequence order, as of the first read. With `only`, documents may be
   * left out.
   */
  changes(project: string, after: number, only?: "segment"): AsyncIterable<Change>;
  /**
   * Writes in one transaction that is on disk when the promise resolves. Commits of a project are serialized, even across processes:
   * `prepare` is called inside the lock with what others committed after `after`, and returns what to write. It may be batched with other
   * commits of the same project, so it must be synchronous, and those others may receive the same missed changes.
   *
   * If a commit fails, commits of the project that were prepared after it fail too, since they may build on it. Their promises reject in
   * call order. Deleting something that no other process can know of leaves nothing behind.
   *
   * @returns the sequence of this commit, which all its writes carry, segments in order. Sequences of a project are 1, 2, 3, … A commit
   *   that writes nothing uses none and returns that of the last commit
   * @throws RecoError `unknown-project`, `bad-input`, and whatever `prepare` throws
   */
  commit(project: string, after: number, prepare: (missed: readonly Change[]) => readonly Write[]): Promise<number>;
  /** Stores a large value (a model) under a name, atomically. */
  putBlob(project: string, name: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  /** @throws RecoError `not-found` */
  getBlob(project: string, name: string): AsyncIterable<Uint8Array>;
  deleteBlob(project: string, name: string): Promise<void>;
  blobs(project: string): Promise<{ readonly name: string; readonly bytes: number }[]>;
  /**
   * Tries to become the one process that does background work (such as training) on a project. Resolves to a release function, or to
   * undefined while another process leads. A process that dies releases it.
   */
  lead(project: string): Promise<(() => Promise<void>) | undefined>;
  /** Calls back when another process may have committed. Omitted if there can be no other process. */
  onForeignCommit?(listener: (project: string) => void): void;
  /** Copies everything to `path` while reads and writes continue. Only for file storage. */
  backup?(path: string): Promise<void>;
  /** Bytes on disk. */
  size(): Promise<number>;
  close(): Promise<void>;
}
