export { bootstrapInterval, type Interval, type IntervalOptions } from "./bootstrap.ts";
export { type EvaluateOptions, evaluate, type RankingModelSpec } from "./evaluate.ts";
export {
  type Comparison,
  type Estimate,
  Evaluation,
  type EvaluationData,
  type EvaluationJson,
  type MetricColumn,
  type ModelResult,
  type Protocol,
  type Segment,
  type SegmentGroup,
} from "./evaluation.ts";
export type { TableOptions } from "./format-evaluation.ts";
export { holm } from "./holm.ts";
export type { MetricName } from "./metric-columns.ts";
export { randomizationTest } from "./randomization-test.ts";
export type { RankingModel } from "./ranking-model.ts";
