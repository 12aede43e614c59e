import type { UserEvents } from "../data/event-columns.ts";
import type { Expression } from "../expression/compile.ts";
import type { Scope } from "../expression/scope.ts";
import type { Random } from "../util/random.ts";
import type { GuardedSource } from "./guarded-source.ts";
import type { RerankRules } from "./rerank/compile-rules.ts";
import type { Feedback } from "./rerank/exploration/define-exploration.ts";
import type { LearnedSoFar } from "./scorer/learned.ts";
import type { Scorer } from "./scorer/scorer.ts";
import type { CatalogueView, History } from "./source.ts";

/** What a pipeline is made of; `assemblePipeline` makes it of a spec. */
export interface PipelineParts {
  /** Read anew in each request, so it may change at any time. */
  readonly catalogue: CatalogueView;
  /** 1 for items that may be recommended at a time; a new array when anything in it changes. */
  readonly available: (now: number) => Uint8Array;
  /** The index of an item's id, or -1. */
  readonly indexOf: (id: string) => number;
  readonly sources: readonly GuardedSource[];
  /** Fill what is left of a list, in this order, and then whatever may be returned. Undefined: nothing fills, and lists may be short. */
  readonly fallbacks: readonly GuardedSource[] | undefined;
  /** All must hold. */
  readonly filters: readonly Expression[];
  readonly includeSeen: boolean;
  /** Take the strongest recent item of the history as what the request is about, when it names nothing itself. */
  readonly anchorByHistory: boolean;
  readonly blend: Scorer;
  /** Asked in each request: what was learned takes the place of the blend. Undefined where the scorer does not learn. */
  readonly learned: (() => LearnedSoFar | undefined) | undefined;
  readonly rules: RerankRules;
  /** For Thompson sampling. */
  readonly feedback: () => Feedback | undefined;
}

/** One question to a pipeline; items are indices of the catalogue. */
export interface PipelineRequest {
  /** Length of the list, at least 1. */
  readonly k: number;
  readonly history: History;
  readonly recent: UserEvents;
  /** Items that count as seen; duplicates are fine. */
  readonly seen: Uint32Array;
  /** Items that the request is about. They do not come back. */
  readonly anchors: Uint32Array;
  /** The only items that may be returned; all when absent. */
  readonly candidates?: Uint32Array | undefined;
  readonly exclude: Uint32Array;
  /** Beside the pipeline's own. */
  readonly filters: readonly Expression[];
  /** Beside the pipeline's own; each gives a number. */
  readonly boosts: readonly Expression[];
  /** Undefined for somebody without an id. */
  readonly user: string | undefined;
  /** What expressions look at; its `now` is the time of the request. */
  readonly scope: Scope;
  readonly context: Readonly<Record<string, string | number | boolean>>;
  readonly random: Random;
  /** Say how the answer came about. */
  readonly trace: boolean;
  /** Say of these items where they stand, or why they do not. */
  readonly why: Uint32Array;
}
