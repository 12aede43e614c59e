export type { Answer, AnswerItem, AnswerTrace, RecommendRequest, SkippedSource } from "./answer.ts";
export { assemblePipeline, type PipelineEnvironment } from "./assemble.ts";
export { checkSpec, type SpecContext } from "./check-spec.ts";
export type { EventWeights } from "./event-weights.ts";
export { GuardedSource } from "./guarded-source.ts";
export { type Activity, activityOf, noActivity } from "./history.ts";
export { type ModelSourceSpec, makeSource, type SourceEnvironment, sourceName } from "./make-source.ts";
export {
  createPipeline,
  type Pipeline,
  type PipelineAnswer,
  type PipelineItem,
  type PipelineParts,
  type PipelineRequest,
} from "./pipeline.ts";
export { readyMade } from "./ready-made.ts";
export type { RecommenderSpec, ScorerSpec, SourceSpec } from "./recommender-spec.ts";
export { type Learned, learnScorer, type ServedList } from "./scorer/learned.ts";
export type { Scorer } from "./scorer/scorer.ts";
export type { Candidates, CatalogueView, History, Source, SourceRequest } from "./source.ts";
export { ModelSource } from "./sources/model.ts";
