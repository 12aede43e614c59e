import type { ItemTypeTimes, UserEvents } from "../data/event-columns.ts";
import type { Expression } from "../expression/compile.ts";
import type { Scope } from "../expression/scope.ts";
import type { Random } from "../util/random.ts";
import type { GuardedSource } from "./guarded-source.ts";
import type { RerankRules } from "./rerank/compile-rules.ts";
import type { Feedback } from "./rerank/exploration/define-exploration.ts";
import type { LearnedSoFar } from "./scorer/learned.ts";
import type { Scorer } from "./scorer/scorer.ts";
import type { CatalogView, History } from "./source.ts";

/** The parts of a pipeline. `assemblePipeline` makes them from a spec. */
export interface PipelineParts {
  /** Read on each request, so it may change at any time. */
  readonly catalog: CatalogView;
  /** 1 for items that may be recommended at `now`. Returns a new array whenever an entry changes. */
  readonly available: (now: number) => Uint8Array;
  /** The index of an item's id, or -1. */
  readonly indexOf: (id: string) => number;
  readonly sources: readonly GuardedSource[];
  /** Sources that fill a short list, in order, before any allowed items do. Undefined: lists aren't filled and may be short. */
  readonly fallbacks: readonly GuardedSource[] | undefined;
  /** Items must satisfy all of them. */
  readonly filters: readonly Expression[];
  readonly includeSeen: boolean;
  /** If the request names no items, use the user's strongest recent one. */
  readonly anchorByHistory: boolean;
  readonly blend: Scorer;
  /** Called on each request: a learned scorer replaces the blend. Undefined if the scorer doesn't learn. */
  readonly learned: (() => LearnedSoFar | undefined) | undefined;
  readonly rules: RerankRules;
  /** For Thompson sampling. */
  readonly feedback: () => Feedback | undefined;
}

/** One request to a pipeline. Items are catalog indices. */
export interface PipelineRequest {
  /** Length of the list, at least 1. */
  readonly k: number;
  readonly history: History;
  readonly recent: UserEvents;
  /** When the user last had an event of each type with each item before those in `recent`; undefined if there were none. */
  readonly older?: ItemTypeTimes | undefined;
  /** Items that count as seen; duplicates are fine. */
  readonly seen: Uint32Array;
  /** Items that the user hid. No list has them, not even one of seen items. */
  readonly hidden: Uint32Array;
  /** The items to find related ones for. They aren't returned. */
  readonly anchors: Uint32Array;
  /** Return only these items. Default: all. */
  readonly candidates?: Uint32Array | undefined;
  readonly exclude: Uint32Array;
  /** In addition to the pipeline's own. */
  readonly filters: readonly Expression[];
  /** In addition to the pipeline's own; each evaluates to a number. */
  readonly boosts: readonly Expression[];
  /** Undefined for anonymous visitors. */
  readonly user: string | undefined;
  /** The values expressions use. Its `now` is the time of the request. */
  readonly scope: Scope;
  readonly context: Readonly<Record<string, string | number | boolean>>;
  readonly random: Random;
  /** Explain how the list was made. */
  readonly trace: boolean;
  /** For each of these items, say where it ranks, or why it isn't in the list. */
  readonly why: Uint32Array;
}
