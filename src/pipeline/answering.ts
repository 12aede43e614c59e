import type { Asked, Outcome } from "./guarded-source.ts";
import type { PipelineParts, PipelineRequest } from "./pipeline-parts.ts";
import type { Ranking } from "./ranking.ts";
import type { Reranked } from "./rerank/reranked.ts";
import type { LearnedSoFar } from "./scorer/learned.ts";

/** Everything known about a request once its list is final. */
export interface Answering {
  readonly parts: PipelineParts;
  readonly request: PipelineRequest;
  readonly asked: Asked;
  readonly anchors: Uint32Array;
  /** Results of the sources, then of the fallbacks that were called. */
  readonly outcomes: readonly Outcome[];
  readonly ranking: Ranking;
  /** Blend scores, one per table row. */
  readonly blend: Float32Array;
  /** Undefined unless the scorer is a learned one. */
  readonly learned: LearnedSoFar | undefined;
  /** Undefined if there are no rules: the list is then the top of the ranking. */
  readonly list: Reranked | undefined;
  /** Start time from `performance.now()`. */
  readonly started: number;
}
