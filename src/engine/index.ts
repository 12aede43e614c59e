export type {
  Answer,
  AnswerItem,
  AnswerTrace,
  RecommendRequest,
  SkippedSource,
} from "../pipeline/answer.ts";
export { checkConfig } from "./config/check-config.ts";
export { type LoadedConfig, loadConfig } from "./config/load-config.ts";
export type { Engine, IngestResult, Job, ModelRecord, ProjectEngine, RuleReport } from "./engine.ts";
export { type OpenEngineOptions, openEngine } from "./open-engine.ts";
