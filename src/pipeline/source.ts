import type { EventColumns, UserEvents } from "../data/event-columns.ts";
import type { FeatureTable } from "../data/features.ts";
import type { ItemList } from "../data/item-list.ts";
import type { Random } from "../util/random.ts";

/** What somebody did, newest first, one entry an item (the newest event of each counts; weights of repeats are added). */
export interface History {
  /** Item indices. */
  readonly items: Uint32Array;
  /** By the weights of event types in the configuration; above 0. */
  readonly weights: Float32Array;
  /** Milliseconds since 1970, NaN where unknown. */
  readonly times: Float64Array;
}

/** What a source is asked. Items are indices of the catalogue all through a pipeline; ids are for the outside, and `indexOf` leads in. */
export interface SourceRequest {
  /** The same object all through one request, and a new one for the next: sources may remember what they made of the last. */
  readonly history: History;
  /** The newest events of somebody as they came, newest first, repeats and all types among them. */
  readonly recent: UserEvents;
  /** Items that the request is about ("similar to these", "bought with these"); empty for a list for a person. */
  readonly anchors: Uint32Array;
  /** 1 for items that may be returned: available, past all filters, not excluded, not seen where seen items are left out. */
  readonly allowed: Uint8Array;
  /** The items allowed, where the request named the only ones it wants: scoring these may be less work than searching. */
  readonly only?: Uint32Array | undefined;
  /** How many candidates are wanted. */
  readonly k: number;
  readonly now: number;
  /** The index of an item's id, -1 where it is unknown: for sources whose answers come from elsewhere. */
  readonly indexOf: (id: string) => number;
  /** Undefined for somebody without an id. */
  readonly user: string | undefined;
  readonly context: Readonly<Record<string, string | number | boolean>>;
  readonly random: Random;
  /** Fires at the deadline of the source. */
  readonly signal: AbortSignal;
}

/** The items as pipelines see them; the catalogue of a project store is one. Columns may have room for more than `size` entries. */
export interface CatalogueView {
  readonly size: number;
  /** Grows with every change. */
  readonly version: number;
  readonly columns: FeatureTable;
  /** When an item was first seen, NaN where unknown. */
  readonly firstSeen: Float64Array;
  /** 1 for items that may be recommended at a time, where that is known: whoever keeps lists of items keeps them of such. */
  readonly available?: (now: number) => Uint8Array;
}

/** Where candidates come from: a model, what is trending, what is new, code of one's own. One concept, one file in `sources/`. */
export interface Source {
  readonly name: string;
  /** Which fit of a model answers; absent for other sources. */
  readonly version?: string;
  /**
   * Its candidates: every one allowed, scores on its own scale.
   *
   * A source that waits for something (a network, a disk) returns a promise and is cut off at its deadline. One that computes is
   * measured, and skipped for a while after it was late several times in a row.
   */
  candidates(request: SourceRequest): ItemList | Promise<ItemList>;
  /** Writes the scores of these items, NaN where it cannot tell: for blending and for re-ranking a given list. */
  score?(request: SourceRequest, items: Uint32Array, out: Float32Array): void;
  /** Told of every event, the stored ones first; absent for sources that learn otherwise. */
  observe?(events: EventColumns): void;
  /** False while it has nothing to answer from, before a first fit. */
  ready?(): boolean;
  /** Which items of the history argue for an item, strongest first. */
  explain?(request: SourceRequest, item: number): readonly { readonly item: number; readonly weight: number }[];
}
