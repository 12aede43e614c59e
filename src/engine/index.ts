export type {
  Answer,
  AnswerItem,
  AnswerTrace,
  RecommendRequest,
  SkippedSource,
} from "../pipeline/answer.ts";
export { checkConfig } from "./config/check-config.ts";
export { type LoadedConfig, loadConfig } from "./config/load-config.ts";
export type { Engine, IngestResult, ModelRecord, ProjectEngine, RuleReport } from "./engine.ts";
export type { Job } from "./jobs/job.ts";
export { type OpenEngineOptions, openEngine } from "./open-engine.ts";
export type { FitFeatures } from "./training/fit-features.ts";
export { fitHere } from "./training/fit-here.ts";
export type {
  CurrentModel,
  FitInput,
  FitOrder,
  FitRunner,
  FittedArtifact,
  PackedModel,
  SlotOrder,
  SlotOutcome,
  Tried,
} from "./training/fit-order.ts";
