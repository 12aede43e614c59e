import type { EventColumns, ItemTypeTimes, UserEvents } from "../data/event-columns.ts";
import type { FeatureTable } from "../data/features.ts";
import type { ItemList } from "../data/item-list.ts";
import type { Random } from "../util/random.ts";

/** A user's history, newest first, one entry per item: the time of its newest event and the summed weight of all. */
export interface History {
  /** Item indices. */
  readonly items: Uint32Array;
  /** From the event-type weights in the configuration; always above 0. */
  readonly weights: Float32Array;
  /** Milliseconds since 1970, NaN if unknown. */
  readonly times: Float64Array;
}

/** A request to a source. Inside a pipeline, items are catalog indices; `indexOf` converts external ids. */
export interface SourceRequest {
  /** The same object throughout one request and a new one for the next, so sources can cache what they derived from it. */
  readonly history: History;
  /** The user's newest events as received, newest first, including repeats and all types. */
  readonly recent: UserEvents;
  /** When the user last had an event of each type with each item before those in `recent`; undefined if there were none. */
  readonly older?: ItemTypeTimes | undefined;
  /** The items to find related ones for ("similar to these", "bought with these"); empty for a list for a person. */
  readonly anchors: Uint32Array;
  /** 1 for items that may be returned: available, passing all filters, not excluded, and unseen if the recommender drops seen items. */
  readonly allowed: Uint8Array;
  /** The allowed items if the request gave a list of candidates. Scoring them may be cheaper than searching. */
  readonly only?: Uint32Array | undefined;
  /** Number of candidates wanted. */
  readonly k: number;
  readonly now: number;
  /** The index of an item's id, or -1. For sources that get ids from elsewhere. */
  readonly indexOf: (id: string) => number;
  /** Undefined for anonymous visitors. */
  readonly user: string | undefined;
  readonly context: Readonly<Record<string, string | number | boolean>>;
  readonly random: Random;
  /** Aborts at the source's deadline. */
  readonly signal: AbortSignal;
}

/** The items as pipelines see them, for example a project store's catalog. Columns may be longer than `size`. */
export interface CatalogView {
  readonly size: number;
  /** Grows with every change. */
  readonly version: number;
  readonly columns: FeatureTable;
  /** When an item was first seen, NaN where unknown. */
  readonly firstSeen: Float64Array;
  /** 1 for items that may be recommended at `now`, if known. Sources that cache lists should only cache available items. */
  readonly available?: (now: number) => Uint8Array;
}

/** A candidate source: a model, trending items, new items, or your own code. Each kind is one file in `sources/`. */
export interface Source {
  readonly name: string;
  /** Set if its candidates don't depend on who asks. */
  readonly impersonal?: true;
  /** The version of the model that answers; only set for model sources. */
  readonly version?: string;
  /**
   * Returns its candidates: allowed items only, scored on its own scale.
   *
   * A source that waits for a network or a disk returns a promise and is cut off at its deadline. A synchronous source is timed and paused
   * after exceeding its deadline several times in a row.
   */
  candidates(request: SourceRequest): ItemList | Promise<ItemList>;
  /** Writes the scores of these items, NaN if unknown. Used for blending and for re-ranking a given list. */
  score?(request: SourceRequest, items: Uint32Array, out: Float32Array): void;
  /** Receives every event, stored ones first. Omit it if the source doesn't learn from events. */
  observe?(events: EventColumns): void;
  /** False while it has no data to answer from, such as before its first fit. */
  ready?(): boolean;
  /** Why it has no candidates for a request; undefined if there is nothing more to say than that it found none. */
  whyNone?(request: SourceRequest): string | undefined;
  /** The history items that speak for an item, strongest first. */
  explain?(request: SourceRequest, item: number): readonly { readonly item: number; readonly weight: number }[];
}
