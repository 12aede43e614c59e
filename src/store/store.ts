import type { EntityInput, PropertyType } from "../data/entities.ts";
import type { EventColumns, UserEvents } from "../data/event-columns.ts";
import type { ValidEvent } from "../data/events.ts";
import type { FeatureTable } from "../data/features.ts";

/** One event read back, with nothing left out but the idempotency key. */
export type StoredEvent = Pick<ValidEvent, "user" | "item" | "type" | "time" | "session" | "context" | "recommendation"> & {
  readonly value: number;
};

export interface AppendResult {
  /** Events that are now on disk. */
  readonly accepted: number;
  /** Events that were there before, by their keys, or twice in the batch. */
  readonly duplicates: number;
}

/** Ids of a project by index, in order of first appearance; only ever grows. The index of a deleted id is not used again. */
export interface Ids {
  readonly size: number;
  /** The id at an index; undefined where it was deleted. */
  id(index: number): string | undefined;
  /** The index of an id, or -1. */
  indexOf(id: string): number;
}

/** An item or a user as it is kept. */
export interface Entity extends EntityInput {
  readonly hidden: boolean;
  readonly expires?: number | undefined;
  /** When it was first and last written, milliseconds since 1970. */
  readonly created: number;
  readonly updated: number;
}

/**
 * The items of a project as columns over item indices, for rules and models: made from the entities, kept up to date with every write.
 * Columns have room for more entries than there are items; look at `size`.
 */
export interface Catalogue {
  /** Items with an index: those of events and those with properties. */
  readonly size: number;
  /** Grows with every change of the catalogue. */
  readonly version: number;
  /** One column a property, entries by item index. The type of a property is that of the schema, or of its first value. */
  readonly columns: FeatureTable;
  /** The types behind `columns`, as declared or learned. */
  readonly schema: Readonly<Record<string, PropertyType>>;
  /** First time an item was seen, by item index: its first event or its creation, whichever is earlier. NaN where unknown. */
  readonly firstSeen: Float64Array;
  /**
   * 1 for items that may be recommended at `now`, by item index, `size` entries: not hidden, expired or deleted. The same array is
   * returned until the catalogue changes or something expires; do not write to it.
   */
  available(now: number): Uint8Array;
}

/** One list as it was shown, kept for attribution and for learning: its items by position, with propensities. */
export interface Impression {
  /** The recommendation id. */
  readonly id: string;
  readonly time: number;
  /** Absent for somebody without an id. */
  readonly user?: string | undefined;
  readonly recommender: string;
  /** The experiment that chose this list, and which of its variants; absent outside experiments. */
  readonly variant?: { readonly experiment: string; readonly variant: string } | undefined;
  /** Item ids in the order shown. */
  readonly items: readonly string[];
  readonly scores: Float32Array | readonly number[];
  /** How likely each item was to stand in its place, in (0, 1]; 1 where nothing was left to chance. */
  readonly propensities: Float32Array | readonly number[];
  /** Scores of the sources for each item, by name of source: what a scorer can learn from. NaN where a source did not name the item. */
  readonly features: Readonly<Record<string, Float32Array | readonly number[]>>;
}

/** JSON documents by kind and key: records of models, jobs, keys, recommenders made over HTTP. Kinds `item` and `user` are taken. */
export interface Documents {
  get(kind: string, key: string): unknown;
  /** In order of keys. */
  list(kind: string): readonly { readonly key: string; readonly body: unknown }[];
  /** On disk when the promise resolves. */
  put(kind: string, key: string, body: unknown): Promise<void>;
  delete(kind: string, key: string): Promise<boolean>;
  /** Called after a change of that kind, by this process or another. */
  onChange(kind: string, listener: (key: string, body: unknown) => void): void;
}

/** Large values by name: the files of models. */
export interface Blobs {
  put(name: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  /** @throws RecoError `not-found` */
  get(name: string): AsyncIterable<Uint8Array>;
  delete(name: string): Promise<void>;
  list(): Promise<{ readonly name: string; readonly bytes: number }[]>;
}

export interface ProjectStats {
  readonly events: number;
  readonly users: number;
  readonly items: number;
  /** Items and users with properties. */
  readonly describedItems: number;
  readonly describedUsers: number;
  readonly eventTypes: readonly { readonly type: string; readonly count: number }[];
  /** Times of the earliest and latest event, NaN while there is none. */
  readonly from: number;
  readonly to: number;
}

/**
 * All data of one project (tenant). Reads answer from memory; writes are on disk when their promise resolves, and reads then see them.
 *
 * Writes reject with RecoError `storage-failed` when the disk or database refuses, and nothing of that write is kept; reads go on.
 */
export interface ProjectStore {
  readonly name: string;
  /** Whether other processes may read and write it too. */
  readonly shared: boolean;

  readonly users: Ids;
  readonly items: Ids;
  /** Names of event types; only ever grows, at most 256. */
  readonly eventTypes: readonly string[];
  /** Event count; grows with every append. */
  readonly size: number;

  /**
   * Appends events, in one commit with others that come at the same time. Unknown users and items get an index. Events are taken as they
   * are: `checkEvents` has checked them where they came in.
   *
   * @throws RecoError `too-large` for more than 256 event types
   */
  append(events: readonly ValidEvent[]): Promise<AppendResult>;
  /** Called after events were committed, by this process or another, with their columns. */
  onEvents(listener: (events: EventColumns) => void): void;
  /** Resolves when everything that any process had committed at the call is seen by reads; at once where there is one process. */
  refresh(): Promise<void>;
  /** The newest events of a user, newest first; empty for somebody unknown. From memory, at most {@link recentLimit}. */
  recent(user: string, limit?: number): UserEvents;
  /** How many events of each user are kept in memory. */
  readonly recentLimit: number;
  /** The log as packed segments, oldest first: hand them to another thread and read them there with `readSegment`. */
  segments(): AsyncIterable<Uint8Array>;
  /** All events as columns. Of those of deleted users nothing is left. */
  scan(): Promise<EventColumns>;

  readonly catalogue: Catalogue;
  /** Declares types of item and user properties; properties not declared take the type of their first value. @throws RecoError `conflict` when values that are there do not fit */
  setSchema(schema: {
    readonly items?: Readonly<Record<string, PropertyType>>;
    readonly users?: Readonly<Record<string, PropertyType>>;
  }): Promise<void>;
  /** Creates or replaces. @throws RecoError `bad-input` where a value does not fit its property's type, naming item and property; nothing is then written */
  putItems(items: readonly EntityInput[]): Promise<void>;
  putUsers(users: readonly EntityInput[]): Promise<void>;
  item(id: string): Entity | undefined;
  user(id: string): Entity | undefined;
  /** A page in order of ids, after `after`. */
  listItems(page: { readonly after?: string; readonly limit: number }): readonly Entity[];
  listUsers(page: { readonly after?: string; readonly limit: number }): readonly Entity[];
  /** Ends being recommended; its events stay. @returns how many were there */
  deleteItems(ids: readonly string[]): Promise<number>;

  /** Keeps what was shown. Written within a second, together with others; a crash may lose that second. */
  logImpression(impression: Impression): void;
  /** The lists shown since `from`, oldest first. */
  impressions(from?: number): AsyncIterable<Impression>;

  /** Removes every trace of a user from the store: events, properties, impressions, the id. @returns events removed */
  deleteUser(id: string): Promise<number>;
  /** Everything that is kept about a user. */
  exportUser(
    id: string,
  ): Promise<{ readonly user: Entity | undefined; readonly events: readonly StoredEvent[]; readonly impressions: readonly Impression[] }>;
  /** Every event with all that came with it, in the order committed: for export. */
  readEvents(): AsyncIterable<StoredEvent>;
  /** Removes events and impressions older than `time`. @returns events removed */
  dropBefore(time: number): Promise<number>;
  /** Removes impressions older than `time`; events stay. */
  dropImpressionsBefore(time: number): Promise<void>;

  readonly documents: Documents;
  readonly blobs: Blobs;
  /** See Storage.lead. */
  lead(): Promise<(() => Promise<void>) | undefined>;
  stats(): ProjectStats;
}

/** Many isolated projects in one place. */
export interface Store {
  projects(): readonly string[];
  /** @throws RecoError `conflict` when it is there, `bad-input` for a name other than 1 to 64 of a-z, 0-9, "-" and "_" */
  createProject(name: string): Promise<ProjectStore>;
  /** @throws RecoError `unknown-project` */
  project(name: string): ProjectStore;
  deleteProject(name: string): Promise<void>;
  /** Calls back after another process made or deleted a project; there only where other processes may. */
  readonly onForeignProjects: ((listener: () => void) => void) | undefined;
  /** Documents of the server itself, beside all projects. */
  readonly documents: Documents;
  /** Copies everything to a file while reads and writes go on; there only for SQLite. The copy is a store: open it to restore. */
  readonly backup: ((path: string) => Promise<void>) | undefined;
  /** Bytes on disk. */
  bytes(): Promise<number>;
  /** Finishes what is under way and lets go of the file or database. */
  close(): Promise<void>;
}
