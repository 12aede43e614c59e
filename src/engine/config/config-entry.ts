// All of it, so that `declare module "recobase/config"` can add kinds of your own to `SourceKinds`.

export type { PropertyType } from "../../data/entities.ts";
export type * from "../../pipeline/recommender.gen.ts";
export {
  defineConfig,
  type EventSpec,
  type ModelChoice,
  type Objective,
  type ProjectConfig,
  type ServerConfig,
  type TrainingSpec,
} from "./config.ts";
