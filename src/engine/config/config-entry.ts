export type { PropertyType } from "../../data/entities.ts";
export type {
  BoostSpec,
  CalibrationSpec,
  CapSpec,
  DiversitySpec,
  ExplorationSpec,
  PinSpec,
  RecommenderSpec,
  ScorerSpec,
  ShareSpec,
  SourceSpec,
} from "../../pipeline/recommender-spec.ts";
export {
  defineConfig,
  type EventSpec,
  type ModelChoice,
  type Objective,
  type ProjectConfig,
  type ServerConfig,
  type TrainingSpec,
} from "./config.ts";
