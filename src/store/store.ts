import type { EntityInput, PropertyType } from "../data/entities.ts";
import type { EventColumns, ItemTypeTimes, UserEvents } from "../data/event-columns.ts";
import type { ValidEvent } from "../data/events.ts";
import type { FeatureTable } from "../data/features.ts";

/** A stored event, complete except for the idempotency key. */
export type StoredEvent = Pick<ValidEvent, "user" | "item" | "type" | "time" | "session" | "context" | "recommendation"> & {
  readonly value: number;
};

/** An event as its columns have it. Of equal ones, the oldest in the log has `nth` 0. */
export interface EventPlace {
  readonly user: number;
  readonly item: number;
  readonly type: number;
  readonly time: number;
  readonly value: number;
  readonly nth: number;
}

export interface AppendResult {
  /** Number of events written to disk. */
  readonly accepted: number;
  /** Number of events skipped because their key already exists or is repeated in the batch. */
  readonly duplicates: number;
}

/** Ids of a project by index, in order of first appearance. Only grows; indices of deleted ids aren't reused. */
export interface Ids {
  readonly size: number;
  /** The id at an index; undefined if it was deleted. */
  id(index: number): string | undefined;
  /** The index of an id, or -1. */
  indexOf(id: string): number;
}

/** A stored item or user. */
export interface Entity extends EntityInput {
  readonly hidden: boolean;
  readonly expires?: number | undefined;
  /** When it was first and last written, in milliseconds since 1970. */
  readonly created: number;
  readonly updated: number;
}

/**
 * The items of a project as columns over item indices, for rules and models. Updated with every write. Columns may be longer than the
 * number of items; see `size`.
 */
export interface Catalog {
  /** Number of items with an index: those with events or properties. */
  readonly size: number;
  /** Increases with every change of the catalog. */
  readonly version: number;
  /** One column per property, indexed by item. The type of a property comes from the schema or from its first value. */
  readonly columns: FeatureTable;
  /** The types of `columns`, declared or inferred. */
  readonly schema: Readonly<Record<string, PropertyType>>;
  /** When an item was first seen, by item index: its first event or its creation, whichever is earlier. NaN if unknown. */
  readonly firstSeen: Float64Array;
  /**
   * 1 for items that may be recommended at `now`, by item index, `size` entries: not hidden, expired or deleted. Returns the same array
   * until the catalog changes or an item expires; don't write to it.
   */
  available(now: number): Uint8Array;
}

/** A list that was shown, stored for attribution and learning: its items by position, with propensities. */
export interface Impression {
  /** The recommendation id. */
  readonly id: string;
  readonly time: number;
  /** Omitted for anonymous visitors. */
  readonly user?: string | undefined;
  readonly recommender: string;
  /** The experiment and variant that chose this list; omitted outside experiments. */
  readonly variant?: { readonly experiment: string; readonly variant: string } | undefined;
  /** Item ids in the order shown. */
  readonly items: readonly string[];
  readonly scores: Float32Array | readonly number[];
  /** The probability of each item in its place, in (0, 1]; 1 if nothing was random. */
  readonly propensities: Float32Array | readonly number[];
  /** Each source's scores of the items, by source name, for scorers to learn from. NaN if a source didn't return the item. */
  readonly features: Readonly<Record<string, Float32Array | readonly number[]>>;
}

/** JSON documents by kind and key: model records, jobs, API keys, recommenders created over HTTP. Kinds `item` and `user` are reserved. */
export interface Documents {
  get(kind: string, key: string): unknown;
  /** In key order. */
  list(kind: string): readonly { readonly key: string; readonly body: unknown }[];
  /** On disk when the promise resolves. */
  put(kind: string, key: string, body: unknown): Promise<void>;
  delete(kind: string, key: string): Promise<boolean>;
  /** Called after a change to a document of that kind, by this or another process. */
  onChange(kind: string, listener: (key: string, body: unknown) => void): void;
}

/** Large values by name, such as model files. */
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
  /** Number of items and users with properties. */
  readonly describedItems: number;
  readonly describedUsers: number;
  readonly eventTypes: readonly { readonly type: string; readonly count: number }[];
  /** Times of the earliest and latest event; NaN while there are none. */
  readonly from: number;
  readonly to: number;
}

/**
 * All data of one project (tenant). Reads are answered from memory. When the promise of a write resolves, the data is on disk and visible
 * to reads.
 *
 * If the disk or database fails, writes reject with RecoError `storage-failed` and store nothing. Reads keep working.
 */
export interface ProjectStore {
  readonly name: string;
  /** Whether other processes may read and write it too. */
  readonly shared: boolean;

  readonly users: Ids;
  readonly items: Ids;
  /** Names of event types. Only grows, to at most 256. */
  readonly eventTypes: readonly string[];
  /** Number of events; grows with every append. */
  readonly size: number;

  /**
   * Appends events, sharing a commit with concurrent writes. Unknown users and items get an index. Events aren't checked again: pass the
   * result of `checkEvents`.
   *
   * @throws RecoError `too-large` for more than 256 event types
   */
  append(events: readonly ValidEvent[]): Promise<AppendResult>;
  /** Called with the columns of new events after this or another process committed them. */
  onEvents(listener: (events: EventColumns) => void): void;
  /** Resolves when reads see everything that any process committed before the call. Immediate with a single process. */
  refresh(): Promise<void>;
  /**
   * The newest events of a user by their times, newest first (of equal times, the last to arrive first); empty for unknown users. Read from
   * memory, at most {@link recentLimit}.
   */
  recent(user: string, limit?: number): UserEvents;
  /**
   * When a user last had an event of each type with each item before those that {@link recent} returns; undefined if there were none. Read
   * from memory.
   */
  older(user: string): ItemTypeTimes | undefined;
  /** How many events of each user are kept in memory. */
  readonly recentLimit: number;
  /** The log as packed segments, oldest first. You can pass them to another thread and read them there with `readSegment`. */
  segments(): AsyncIterable<Uint8Array>;
  /** All events as columns, without those of deleted users. */
  scan(): Promise<EventColumns>;

  readonly catalog: Catalog;
  /**
   * Declares types of item and user properties. Undeclared properties get the type of their first value. @throws RecoError `conflict` if
   * existing values don't match
   */
  setSchema(schema: {
    readonly items?: Readonly<Record<string, PropertyType>>;
    readonly users?: Readonly<Record<string, PropertyType>>;
  }): Promise<void>;
  /**
   * Creates or replaces items. @throws RecoError `bad-input`, naming item and property, if a value doesn't match its property's type;
   * nothing is written then
   */
  putItems(items: readonly EntityInput[]): Promise<void>;
  putUsers(users: readonly EntityInput[]): Promise<void>;
  item(id: string): Entity | undefined;
  user(id: string): Entity | undefined;
  /** A page of items in id order, after `after`. */
  listItems(page: { readonly after?: string; readonly limit: number }): readonly Entity[];
  listUsers(page: { readonly after?: string; readonly limit: number }): readonly Entity[];
  /** Deleted items are no longer recommended; their events stay. @returns the number of items that existed */
  deleteItems(ids: readonly string[]): Promise<number>;

  /** Stores an impression. Written in batches within a second; a crash may lose the last second. */
  logImpression(impression: Impression): void;
  /** Impressions since `from`, oldest first. */
  impressions(from?: number): AsyncIterable<Impression>;

  /** Removes every trace of a user from the store: events, properties, impressions, the id. @returns number of events removed */
  deleteUser(id: string): Promise<number>;
  /** Removes one event. @returns whether it was there */
  deleteEvent(event: EventPlace): Promise<boolean>;
  /**
   * Makes the events, impressions and missing properties of one user those of another. The one user is gone then: new events with the id belong to a
   * new user.
   *
   * @returns the number of events moved, 0 if that merge was made before; undefined if the user is unknown
   */
  mergeUser(from: string, to: string): Promise<number | undefined>;
  /**
   * Takes a merge back: events and properties that came from the user are theirs again. Impressions stay.
   *
   * @returns the number of events moved; undefined if there was no such merge
   */
  splitUser(from: string, to: string): Promise<number | undefined>;
  /** Called after events were removed, by this or another process, so that what was learned from them can be learned anew. */
  onRemoved(listener: () => void): void;
  /** Everything stored about a user. */
  exportUser(id: string): Promise<{
    readonly user: Entity | undefined;
    readonly events: readonly StoredEvent[];
    readonly impressions: readonly Impression[];
    /** The users who were merged into this one, and when. */
    readonly merged: readonly { readonly user: string; readonly time: number }[];
  }>;
  /** Every event in full, in commit order, for export. */
  readEvents(): AsyncIterable<StoredEvent>;
  /** Removes events and impressions older than `time`. @returns number of events removed */
  dropBefore(time: number): Promise<number>;
  /** Removes impressions older than `time`; events stay. */
  dropImpressionsBefore(time: number): Promise<void>;

  readonly documents: Documents;
  readonly blobs: Blobs;
  /** See {@link Storage.lead}. */
  lead(): Promise<(() => Promise<void>) | undefined>;
  stats(): ProjectStats;
}

/** A set of isolated projects. */
export interface Store {
  projects(): readonly string[];
  /** @throws RecoError `conflict` if it already exists, `bad-input` unless the name is 1 to 64 characters of a-z, 0-9, "-" and "_" */
  createProject(name: string): Promise<ProjectStore>;
  /** @throws RecoError `unknown-project` */
  project(name: string): ProjectStore;
  deleteProject(name: string): Promise<void>;
  /** Calls back after another process made or deleted a project. Present only if other processes can do so. */
  readonly onForeignProjects: ((listener: () => void) => void) | undefined;
  /** Documents of the server itself, outside all projects. */
  readonly documents: Documents;
  /** Copies everything to a file while reads and writes continue. SQLite only. The copy is itself a store: open it to restore. */
  readonly backup: ((path: string) => Promise<void>) | undefined;
  /** Bytes on disk. */
  bytes(): Promise<number>;
  /** Finishes pending work and closes the file or database. */
  close(): Promise<void>;
}
