// The table of contents of RecoBase: what `import { … } from "recobase"` offers. Models are in "recobase/models", metrics in
// "recobase/metrics"; more of each room is in "recobase/data", "recobase/evaluate" and so on. Everything here loads in a browser too.

// Data: who did what.
export type { Csr } from "./data/csr.ts";
export { Dataset, type InteractionRow } from "./data/dataset.ts";
export type { ProvenanceStep } from "./data/dataset-parts.ts";
export type { FeatureValue, FeatureValues } from "./data/feature-values.ts";
export type { ItemList } from "./data/item-list.ts";
export type { FeatureColumn, FeatureTable } from "./data/features.ts";
export type { Interactions, Links } from "./data/interactions.ts";
export { type Inspection, inspect } from "./data/inspect.ts";
export { type Verdict, verdictOf } from "./data/inspect/verdict.ts";
export { loadDataset, loadSplit } from "./data/load.ts";
export type { LoadOptions } from "./data/load-options.ts";
export { formatSummary } from "./data/summary.ts";
export { type Id, Vocabulary } from "./data/vocabulary.ts";
export { type WriteOptions, writeDataset } from "./data/write.ts";

// Parts of data: filters and splits.
export { compact } from "./data/filters/compact.ts";
export { kCore } from "./data/filters/k-core.ts";
export { minimumWeight } from "./data/filters/minimum-weight.ts";
export { onlyEvents } from "./data/filters/only-events.ts";
export { timeRange } from "./data/filters/time-range.ts";
export type { Split } from "./data/split.ts";
export { heldOutUsers } from "./data/splits/held-out-users.ts";
export { kFold } from "./data/splits/k-fold.ts";
export { leaveLastOut } from "./data/splits/leave-last-out.ts";
export { randomHoldout } from "./data/splits/random-holdout.ts";
export { timePoint } from "./data/splits/time-point.ts";

// Models: fitted, asked, saved and loaded.
export type { SaveOptions } from "./model/artifact.ts";
export type { FitOptions } from "./model/fit-context.ts";
export { FittedModel, type FittedParts } from "./model/fitted-model.ts";
export { Histories, type HistoryColumns } from "./model/histories.ts";
export { type Explanation, Model, type NewItem, type Reason, type Recommendation, type RecommendOptions } from "./model/model.ts";
export type { OnlineModel, OnlineSelection } from "./model/online/online-model.ts";
export { onlineModel } from "./model/online.ts";
export type { HistoryItem, Moment, Query } from "./model/query.ts";
export { type LoadModelOptions, loadModel } from "./models/load-model.ts";

// Evaluation: which model is best, and how sure that is.
export { bootstrapInterval } from "./evaluate/bootstrap.ts";
export { type EvaluateOptions, evaluate } from "./evaluate/evaluate.ts";
export { Evaluation } from "./evaluate/evaluation.ts";
export type { EvaluationJson } from "./evaluate/evaluation-result.ts";
export { holm } from "./evaluate/holm.ts";
export type { MetricName } from "./evaluate/metric-columns.ts";
export { randomizationTest } from "./evaluate/randomization-test.ts";

// Models of your own.
export { defineModel, type ModelFactory, type ModelSpec } from "./model/define-model.ts";
export type { RepeatRule } from "./model/bag.ts";
export type {
  Emit,
  FitContext,
  ItemCandidates,
  ItemFactors,
  ItemMatrix,
  ModelDefinition,
  Proposal,
  ScoreContext,
  State,
} from "./model/definition.ts";
export type { Need } from "./model/needs.ts";
export { type DataShape, shapeOf } from "./model/shape.ts";
export { boolean, choice, float, int, linear, log } from "./model/options.ts";
export type { OptionSpec, OptionSpecs, OptionValues, SearchSpace } from "./model/options.ts";

// Metrics of your own.
export type { Catalog } from "./metrics/catalog.ts";
export { defineMetric } from "./metrics/metric.ts";
export type { ExposureMetric, JudgedList, ListMetric, Metric, RatingMetric, ScoreMetric } from "./metrics/metric.ts";

// Where arrays are computed.
export { type Backend, type BackendOptions, createBackend, defaultBackend } from "./kernel/backend.ts";

// Errors, seeded random numbers, progress.
export { type ErrorCode, RecoError } from "./util/errors.ts";
export { didYouMean, nearestNames } from "./util/nearest-names.ts";
export type { OnProgress, Progress } from "./util/progress.ts";
export { Random } from "./util/random.ts";
export { version } from "./util/version.ts";
