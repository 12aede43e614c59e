export type {
  Answer,
  AnswerItem,
  AnswerTrace,
  RecommendRequest,
  SkippedSource,
} from "../pipeline/answer.ts";
export { checkConfig } from "./check-config.ts";
export type { Engine, IngestResult, Job, ModelRecord, ProjectEngine, RuleReport } from "./engine.ts";
export { type LoadedConfig, loadConfig } from "./load-config.ts";
export { type OpenEngineOptions, openEngine } from "./open-engine.ts";
