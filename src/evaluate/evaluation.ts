import type { ProvenanceStep } from "../data/dataset.ts";
import { formatEvaluation, type TableOptions } from "./format-evaluation.ts";

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

/** The result of {@link Evaluation.toJSON}. Fields may be added under the same `schema`; none is removed or changes its meaning. */
export interface EvaluationJson {
  readonly schema: "recobase.evaluation.v1";
  readonly protocol: Protocol;
  readonly data: EvaluationData;
  readonly models: readonly ModelResult[];
  readonly comparisons: readonly Comparison[];
  readonly segments: readonly Segment[];
  /** What readers must know before they trust the numbers. */
  readonly warnings: readonly string[];
}

/** The result of an evaluation: a table for people (`String(evaluation)`), JSON for programs, and an HTML report. */
export class Evaluation {
  readonly protocol: Protocol;
  readonly data: EvaluationData;
  /** In the order given. */
  readonly models: readonly ModelResult[];
  readonly comparisons: readonly Comparison[];
  readonly segments: readonly Segment[];
  readonly warnings: readonly string[];

  constructor(result: Omit<EvaluationJson, "schema">) {
    this.protocol = result.protocol;
    this.data = result.data;
    this.models = result.models;
    this.comparisons = result.comparisons;
    this.segments = result.segments;
    this.warnings = result.warnings;
  }

  /** An evaluation from its JSON. */
  static fromJSON(json: EvaluationJson): Evaluation {
    return new Evaluation(json);
  }

  /** The models from best to worst in the first column. */
  get ranking(): readonly ModelResult[] {
    const [column] = this.protocol.columns;
    const cost = (model: ModelResult) => {
      const value = model.metrics[column?.name]?.value;
      return value == null ? Number.MAX_VALUE : column.better === "lower" ? value : -value;
    };
    return [...this.models].sort((a, b) => cost(a) - cost(b));
  }

  /** A table for people, best first by the first column, up to 100 characters wide. */
  toString(options: TableOptions = {}): string {
    return formatEvaluation(this, options);
  }

  toJSON(): EvaluationJson {
    const { protocol, data, models, comparisons, segments, warnings } = this;
    return { schema: "recobase.evaluation.v1", protocol, data, models, comparisons, segments, warnings };
  }

  /** A report in a single HTML file: table, plots, comparisons, and how to repeat it. It loads nothing from the network. */
  async toHtml(options: { title?: string } = {}): Promise<string> {
    const { renderReport } = await import("./report.ts");
    return renderReport(this, options);
  }
}
