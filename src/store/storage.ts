/**
 * What is kept, in the two shapes that everything is made of. Both carry the sequence of the commit that wrote them.
 *
 * - A segment is a packed block of rows of a log, written once. Compaction replaces a run of segments by one that says the same.
 * - A document is a small JSON value under a kind and a key: an item, a user, a model's record, a key.
 */
export type Change =
  | { readonly sequence: number; readonly type: "segment"; readonly log: string; readonly bytes: Uint8Array }
  /** `body` is JSON text; undefined where the document was deleted. */
  | {
      readonly sequence: number;
      readonly type: "document";
      readonly kind: string;
      readonly key: string;
      readonly body: string | undefined;
    };

/**
 * What one commit writes. Its bytes are handed over: the array is empty afterwards, as after a transfer to another thread. Log, kind, key
 * and body may hold neither NUL nor half of a surrogate pair.
 */
export type Write =
  | { readonly type: "segment"; readonly log: string; readonly bytes: Uint8Array }
  | { readonly type: "document"; readonly kind: string; readonly key: string; readonly body: string | undefined }
  /**
   * Takes the place of the segments of `log` with these sequences, at the place of the last of them: compaction, deletion, retention.
   * The commit rejects with `conflict` where one of them is not there any more, since another process replaced it.
   */
  | {
      readonly type: "replace";
      readonly log: string;
      readonly sequences: readonly number[];
      /** Absent where nothing is left of them. */
      readonly bytes: Uint8Array | undefined;
    };

/**
 * Where bytes are kept: the narrow door behind which SQLite, PostgreSQL and memory differ. Events, vocabularies, catalogues and
 * tenants are written once, above it.
 *
 * Every method rejects with RecoError `storage-failed` when the disk or database refuses; nothing of that commit is then kept.
 */
export interface Storage {
  /** The names of all projects, sorted. */
  projects(): Promise<string[]>;
  /** @throws RecoError `conflict` when it is there */
  createProject(project: string): Promise<void>;
  /** Removes a project with everything in it. @throws RecoError `unknown-project` */
  deleteProject(project: string): Promise<void>;
  /**
   * Everything of a project committed after `sequence` (0 for all), in the order of sequences, as it was at the first one read. Whoever
   * wants segments only says so; documents may then be left out.
   */
  changes(project: string, after: number, only?: "segment"): AsyncIterable<Change>;
  /**
   * Writes in one transaction that is on disk when the promise resolves. Commits of a project come one after the other, also across
   * processes: `prepare` is called inside the lock with what others have committed after `after`, and says what to write. It may be
   * called together with others of the same project and must not wait for anything. Those others may be told of the same missed changes.
   *
   * A commit that fails takes with it the commits of the project that were prepared after it, since they may build on it; their promises
   * reject too, in the order of the calls. A deletion of what no other process can know of leaves nothing behind.
   *
   * @returns the sequence of this commit; all its writes carry it, segments in their order. Sequences of a project are 1, 2, 3, … A commit
   *   that writes nothing takes none, and returns that of the last commit
   * @throws RecoError `unknown-project`, `bad-input`, and whatever `prepare` throws
   */
  commit(project: string, after: number, prepare: (missed: readonly Change[]) => readonly Write[]): Promise<number>;
  /** Stores a large value (a model) under a name, whole or not at all. */
  putBlob(project: string, name: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  /** @throws RecoError `not-found` */
  getBlob(project: string, name: string): AsyncIterable<Uint8Array>;
  deleteBlob(project: string, name: string): Promise<void>;
  blobs(project: string): Promise<{ readonly name: string; readonly bytes: number }[]>;
  /**
   * Tries to be the one process that does background work on a project (training). Resolves to a release function, or undefined while
   * another process holds it. A process that dies lets go.
   */
  lead(project: string): Promise<(() => Promise<void>) | undefined>;
  /** Calls back when another process may have committed; absent where there can be no other. */
  onForeignCommit?(listener: (project: string) => void): void;
  /** Copies everything to `path` while reads and writes go on. There only where the storage is a file. */
  backup?(path: string): Promise<void>;
  /** Bytes on disk. */
  size(): Promise<number>;
  close(): Promise<void>;
}
