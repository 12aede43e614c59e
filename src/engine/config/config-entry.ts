// All of it, so that `declare module "recobase/config"` can add kinds of your own to `SourceKinds`.
export type * from "../../pipeline/recommender.gen.ts";
export type { PropertyType } from "../../store/properties.ts";
export {
  defineConfig,
  type EventSpec,
  type ModelChoice,
  type Objective,
  type ProjectConfig,
  type ServerConfig,
  type TrainingSpec,
} from "./config.ts";
