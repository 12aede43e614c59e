import type { Asked, Outcome } from "./guarded-source.ts";
import type { PipelineParts, PipelineRequest } from "./pipeline-parts.ts";
import type { Ranking } from "./ranking.ts";
import type { Reranked } from "./rerank/reranked.ts";
import type { LearnedSoFar } from "./scorer/learned.ts";

/** Everything that is known when a list is final. */
export interface Answering {
  readonly parts: PipelineParts;
  readonly request: PipelineRequest;
  readonly asked: Asked;
  readonly anchors: Uint32Array;
  /** Of sources, then of fallbacks that were asked. */
  readonly outcomes: readonly Outcome[];
  readonly ranking: Ranking;
  /** What the blend said, one a row of the table. */
  readonly blend: Float32Array;
  /** Undefined where the scorer is no learned one. */
  readonly learned: LearnedSoFar | undefined;
  /** Undefined where no rules acted: then the list is the start of the ranking. */
  readonly list: Reranked | undefined;
  /** By `performance.now()`. */
  readonly started: number;
}
