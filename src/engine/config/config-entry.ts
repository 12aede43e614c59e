// Everything, so that `declare module "recobase/config"` can add your own kinds to `SourceKinds`.

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
