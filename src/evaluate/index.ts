export type { RankingModel } from "./asked-histories.ts";
export { bootstrapInterval, type Interval, type IntervalOptions } from "./bootstrap.ts";
export { type EvaluateOptions, evaluate, type RankingModelSpec } from "./evaluate.ts";
export { Evaluation } from "./evaluation.ts";
export type {
  Comparison,
  Estimate,
  EvaluationData,
  EvaluationJson,
  MetricColumn,
  ModelResult,
  Protocol,
  Segment,
  SegmentGroup,
} from "./evaluation-result.ts";
export type { TableOptions } from "./format-evaluation.ts";
export { holm } from "./holm.ts";
export type { MetricName } from "./metric-columns.ts";
export { randomizationTest } from "./randomization-test.ts";
