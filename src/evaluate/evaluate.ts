import type { Split } from "../data/split.ts";
import type { Backend } from "../kernel/backend.ts";
import { Catalog } from "../metrics/catalog.ts";
import type { Metric } from "../metrics/metric.ts";
import type { ModelSpec } from "../model/define-model.ts";
import type { FitOptions } from "../model/fit-context.ts";
import { checkNeeds } from "../model/needs.ts";
import { RecoError } from "../util/errors.ts";
import { type OnProgress, step } from "../util/progress.ts";
import type { RankingModel } from "./asked-histories.ts";
import { Evaluation } from "./evaluation.ts";
import type { EvaluationData, ModelResult, Protocol } from "./evaluation-result.ts";
import { evaluationWarnings } from "./evaluation-warnings.ts";
import { type Measured, measureModel } from "./measure-model.ts";
import { columnsOf, DEFAULT_METRICS, DEFAULT_RATING_METRICS, findMetrics, type MetricName } from "./metric-columns.ts";
import { modelLabels } from "./model-labels.ts";
import { byHistoryLength, byItemPopularity } from "./segments.ts";
import { summarize, summarizeItemGroups, summarizeUserGroups } from "./summarize.ts";
import { type Targets, targetsOf } from "./targets.ts";

export interface EvaluateOptions {
  /** List length or lengths for the metrics; 10 by default. */
  readonly k?: number | readonly number[];
  /**
   * Names of metrics (the keys of `metrics`), or your own metrics. By default ndcg, recall, mrr and coverage; also rmse and mae if a model
   * predicts ratings and the test part has them.
   */
  readonly metrics?: readonly (MetricName | Metric)[];
  /**
   * Rank only the held-out items and this many random others per user, as some papers do, instead of all items. The result then has a warning,
   * because such numbers are too high and can reverse the order of models.
   */
  readonly sampledCandidates?: number;
  /** The item feature for category metrics; by default the first of type category or categories. */
  readonly categories?: string;
  /** Groups to report results for; both by default. */
  readonly segments?: readonly ("history-length" | "item-popularity")[];
  /** Share of intervals that contain the true value, 0.95 by default. Differences are tested at the significance level 1 - confidence. */
  readonly confidence?: number;
  /** Bootstrap resamples for the intervals, 1000 by default; 0 for no intervals. */
  readonly resamples?: number;
  /** Seed for fits, resamples and sampled candidates, 1 by default. */
  readonly seed?: number;
  /** Where to fit models; the shared default backend if omitted. */
  readonly backend?: Backend;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Something to fit that gives such a model; every {@link ModelSpec} is one. */
export type RankingModelSpec = Pick<ModelSpec, "name" | "family" | "options"> & {
  fit(data: Split["train"], options?: FitOptions): Promise<RankingModel>;
};

/**
 * Fits models on the training part of a split and measures them on the rest. Every user with held-out interactions gets a list from all items
 * except those already seen, and metrics are means over these users (rmse and mae: over ratings). Every held-out interaction counts as
 * relevant, whatever its rating; to change that, filter the data first. Intervals are bootstrapped over users. Every pair of models is compared
 * user by user, corrected for the number of pairs. Results are also given by history length and item popularity.
 *
 * Models are fitted one at a time and then released. Memory holds one model, a block of lists, and one number per user and column.
 *
 * @param models specs to fit, or fitted models (make sure they were not trained on the test part)
 * @throws RecoError `bad-option`, `bad-input` (a model over other items), `empty-data` (nothing held out), `unsupported`, `aborted`
 * @example
 * ```ts
 * import { Dataset, evaluate, leaveLastOut } from "recobase";
 * import { itemKnn, popularity } from "recobase/models";
 *
 * const data = Dataset.fromRows(Array.from({ length: 400 }, (_, i) => ({ user: i % 40, item: (i * i) % 101, time: i })));
 * const evaluation = await evaluate([popularity(), itemKnn()], leaveLastOut(data), { k: 5, metrics: ["ndcg", "recall"] });
 * evaluation.models.map((model) => model.label); // ["popularity", "item-knn"]
 * evaluation.data.testUsers; // 40
 * ```
 */
export async function evaluate(
  models: readonly (RankingModelSpec | RankingModel)[],
  split: Split,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { seed = 1, confidence = 0.95, resamples = 1000, segments = ["history-length", "item-popularity"], signal, onProgress } = options;
  const ks = checkOptions(models, options);
  const targets = targetsOf(split);
  const rated = split.test.interactions.weight !== undefined;
  const metrics = findMetrics(options.metrics ?? [...DEFAULT_METRICS, ...(rated ? DEFAULT_RATING_METRICS : [])]);
  if (!rated && metrics.some((metric) => metric.over === "ratings"))
    throw new RecoError("unsupported", "Rating metrics need a test part with ratings, but this one has none. Leave out rmse and mae.");
  const catalog = new Catalog(split.train, options.categories === undefined ? {} : { categories: options.categories });
  const itemGroups = segments.includes("item-popularity") ? byItemPopularity(catalog.popularity, catalog.mostPopular) : undefined;
  const plan = { targets, catalog, metrics, ks, negatives: options.sampledCandidates, itemGroups, seed, signal, onProgress };

  const labels = modelLabels(models);
  const measured = new Map<string, Measured>();
  const described: Omit<ModelResult, "metrics">[] = [];
  for (const [i, entry] of models.entries()) {
    await step({ task: `${labels[i]}: fitting`, done: i, total: models.length }, onProgress, signal);
    const { model, fitSeconds } = await fitted(entry, split, options);
    checkNeeds(model, split.test, "the test part");
    if (split.history !== undefined) checkNeeds(model, split.history, "the history part");
    const result = await measureModel(model, plan);
    measured.set(labels[i], result);
    const { name, family, options: chosen, predicts } = model;
    described.push({ label: labels[i], name, family, options: chosen, predicts, fitSeconds, rankSeconds: result.rankSeconds });
  }

  await step({ task: "comparing models", done: 0, total: 0 }, onProgress, signal);
  // Columns without a value for any model (rmse, if all models only rank) are left out unless requested by name.
  const filled = (name: string) => [...measured.values()].some(({ series, totals }) => series.has(name) || totals.has(name));
  const columns = metrics.flatMap((metric) => columnsOf(metric, ks)).filter(({ name }) => options.metrics !== undefined || filled(name));
  const summaryOptions = { columns, metrics, confidence, resamples, seed };
  const { estimates, comparisons } = summarize(measured, summaryOptions);
  const protocol: Protocol = {
    k: ks,
    columns,
    candidates: options.sampledCandidates ?? "all-items",
    seenItems: "excluded",
    seed,
    confidence,
    resamples,
    interval: "bca-bootstrap-over-users",
    test: "paired-randomization",
    correction: "holm",
    categories: options.categories ?? null,
  };
  const data = describeData(split, targets, catalog);
  return new Evaluation({
    protocol,
    data,
    models: described.map((model) => ({ ...model, metrics: estimates.get(model.label) ?? {} })),
    comparisons,
    segments: [
      ...(segments.includes("history-length")
        ? [summarizeUserGroups(measured, byHistoryLength(targets.users, targets.history), summaryOptions)]
        : []),
      ...(itemGroups ? [summarizeItemGroups(measured, itemGroups, summaryOptions)] : []),
    ],
    warnings: evaluationWarnings({ protocol, data, targets, measured, metrics, chosen: options.metrics !== undefined }),
  });
}

function checkOptions(
  models: readonly unknown[],
  { k = 10, confidence = 0.95, resamples = 1000, sampledCandidates }: EvaluateOptions,
): number[] {
  const ks = [...new Set(typeof k === "number" ? [k] : k)].sort((a, b) => a - b);
  const wrong = ks.find((one) => !Number.isInteger(one) || one < 1);
  if (models.length === 0) throw new RecoError("bad-input", "No models to evaluate.");
  if (ks.length === 0 || wrong !== undefined)
    throw new RecoError("bad-option", `k must be a whole number of at least 1, or a list of them, not ${wrong ?? "an empty list"}.`);
  if (!(confidence > 0 && confidence < 1))
    throw new RecoError("bad-option", `confidence must be between 0 and 1, such as 0.95, not ${confidence}.`);
  if (!Number.isInteger(resamples) || resamples < 0)
    throw new RecoError("bad-option", `resamples must be a whole number of at least 0, not ${resamples}.`);
  if (sampledCandidates !== undefined && (!Number.isInteger(sampledCandidates) || sampledCandidates < 1))
    throw new RecoError("bad-option", `sampledCandidates must be a whole number of at least 1, not ${sampledCandidates}.`);
  return ks;
}

async function fitted(
  entry: RankingModelSpec | RankingModel,
  { train }: Split,
  options: EvaluateOptions,
): Promise<{ model: RankingModel; fitSeconds: number | null }> {
  if (!("fit" in entry)) {
    const sameItems =
      entry.items === train.items || (entry.items.size === train.items.size && entry.items.ids.every((id, i) => id === train.items.ids[i]));
    if (!sameItems)
      throw new RecoError(
        "bad-input",
        `The fitted model ${entry.name} has different items than the split (${entry.items.size}, not ${train.items.size}, or in another order). Fit it on the split's training part.`,
      );
    return { model: entry, fitSeconds: null };
  }
  const { seed = 1, backend, signal, onProgress } = options;
  const start = performance.now();
  const model = await entry.fit(train, { seed, ...(backend && { backend }), ...(signal && { signal }), ...(onProgress && { onProgress }) });
  return { model, fitSeconds: (performance.now() - start) / 1000 };
}

function describeData(split: Split, { users, history, withheld }: Targets, { popularity }: Catalog): EvaluationData {
  const cold = users.filter((user) => history.offsets[user + 1] === history.offsets[user]);
  const unseen = withheld.indices.filter((item) => popularity[item] === 0);
  return {
    users: split.train.users.size,
    items: split.train.items.size,
    trainInteractions: split.train.size,
    testInteractions: split.test.size,
    testUsers: users.length,
    coldUsers: cold.length,
    coldItemShare: unseen.length / withheld.indices.length,
    provenance: { train: split.train.provenance, test: split.test.provenance, history: (split.history ?? split.train).provenance },
  };
}
