import type { ProvenanceStep } from "../data/dataset-parts.ts";

/** A number with its confidence interval. */
export interface Estimate {
  /** null if undefined (no user has one). */
  readonly value: number | null;
  /** Ends of the bootstrap interval over users; null for numbers that are not means over users (coverage, Gini). */
  readonly low: number | null;
  readonly high: number | null;
  /** Number of users with a value. */
  readonly users: number;
}

/** One column of the results: `ndcg` at 10 is `ndcg@10`; metrics that don't depend on k (auc, rmse, mae) keep their name. */
export interface MetricColumn {
  readonly name: string;
  readonly metric: string;
  readonly k: number | null;
  readonly better: "higher" | "lower";
}

/** The results of one model. */
export interface ModelResult {
  /** Unique in the evaluation: the name, plus the options that distinguish it from others with that name. */
  readonly label: string;
  readonly name: string;
  readonly family: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly predicts: "ranking" | "rating";
  /** null for a model that was already fitted. */
  readonly fitSeconds: number | null;
  /** Time to make all lists and scores, without the time to judge them. */
  readonly rankSeconds: number;
  /** By column name. A model that doesn't predict ratings has no rmse. */
  readonly metrics: Readonly<Record<string, Estimate>>;
}

/** Two models, compared user by user in one column. `a` is the better one. */
export interface Comparison {
  readonly column: string;
  readonly a: string;
  readonly b: string;
  /** Value of a minus value of b, with its paired bootstrap interval. */
  readonly difference: number;
  readonly low: number | null;
  readonly high: number | null;
  /** P-value of the paired randomization test. */
  readonly p: number;
  /** Corrected by Holm's method for all pairs in the column. */
  readonly pAdjusted: number;
  /** pAdjusted < 1 - confidence. */
  readonly significant: boolean;
}

/** A group of users, or of held-out items. */
export interface SegmentGroup {
  readonly name: string;
  /** Number of users in it. */
  readonly users: number;
  /** By model label, then by column name. */
  readonly values: Readonly<Record<string, Readonly<Record<string, Estimate>>>>;
}

export interface Segment {
  /** `history-length`: users by number of items in their history. `item-popularity`: held-out items by number of training users. */
  readonly by: "history-length" | "item-popularity";
  readonly groups: readonly SegmentGroup[];
}

/** What was measured and how: everything needed to repeat it. */
export interface Protocol {
  readonly k: readonly number[];
  readonly columns: readonly MetricColumn[];
  /** `all-items`, or the number of random candidates ranked together with a user's held-out items. */
  readonly candidates: "all-items" | number;
  readonly seenItems: "excluded";
  readonly seed: number;
  readonly confidence: number;
  readonly resamples: number;
  readonly interval: "bca-bootstrap-over-users";
  readonly test: "paired-randomization";
  readonly correction: "holm";
  /** The item feature for category metrics; null for the first one. */
  readonly categories: string | null;
}

export interface EvaluationData {
  readonly users: number;
  readonly items: number;
  readonly trainInteractions: number;
  readonly testInteractions: number;
  /** Users who were evaluated: those with held-out items. */
  readonly testUsers: number;
  /** Those of them without a history. */
  readonly coldUsers: number;
  /** Share of the held-out interactions whose item has no training interaction. */
  readonly coldItemShare: number;
  readonly provenance: {
    readonly train: readonly ProvenanceStep[];
    readonly test: readonly ProvenanceStep[];
    readonly history: readonly ProvenanceStep[];
  };
}

/** All that an evaluation found, as plain data. */
export interface EvaluationResult {
  readonly protocol: Protocol;
  readonly data: EvaluationData;
  /** In the order they were given. */
  readonly models: readonly ModelResult[];
  readonly comparisons: readonly Comparison[];
  readonly segments: readonly Segment[];
  /** What the reader must know before trusting the numbers, in words. */
  readonly warnings: readonly string[];
}

/** What `Evaluation.toJSON` gives. Fields may be added under the same `schema`; none changes its meaning or goes. */
export interface EvaluationJson extends EvaluationResult {
  readonly schema: "recobase.evaluation.v1";
}

/** The models from best to worst in the first column. */
export function rankingOf({ protocol, models }: EvaluationResult): readonly ModelResult[] {
  const [column] = protocol.columns;
  const cost = (model: ModelResult) => {
    const value = model.metrics[column?.name]?.value;
    return value == null ? Number.MAX_VALUE : column.better === "lower" ? value : -value;
  };
  return [...models].sort((a, b) => cost(a) - cost(b));
}

/** How the value of a model stands in its column. `even`: worse than the best, but not significantly. */
type Standing = "best" | "even" | "worse" | "none";

/** The best value of a column, or null where no model has one. */
function bestOf(evaluation: EvaluationResult, column: MetricColumn): number | null {
  const values = evaluation.models.flatMap((model) => model.metrics[column.name]?.value ?? []);
  return values.length === 0 ? null : column.better === "lower" ? Math.min(...values) : Math.max(...values);
}

/** Says of a model in a column whether it is the best, or cannot be told from it. */
export function standingOf(evaluation: EvaluationResult, column: MetricColumn, model: ModelResult): Standing {
  const value = model.metrics[column.name]?.value ?? null;
  const best = bestOf(evaluation, column);
  const rivals = evaluation.models.filter((other) => other !== model && other.metrics[column.name]?.value != null);
  if (value === null || best === null || rivals.length === 0) return "none";
  if (value === best) return "best";
  const comparison = evaluation.comparisons.find(
    ({ column: name, a, b }) => name === column.name && b === model.label && isBest(evaluation, column, a, best),
  );
  return comparison === undefined || comparison.significant ? "worse" : "even";
}

function isBest(evaluation: EvaluationResult, column: MetricColumn, label: string, best: number): boolean {
  return evaluation.models.some((model) => model.label === label && model.metrics[column.name]?.value === best);
}
