import {
  type Comparison,
  type EvaluationData,
  type EvaluationJson,
  type EvaluationResult,
  type ModelResult,
  type Protocol,
  rankingOf,
  type Segment,
} from "./evaluation-result.ts";
import { formatEvaluation, type TableOptions } from "./format-evaluation.ts";

/** The result of an evaluation: a table for people (`String(evaluation)`), JSON for programs, and an HTML report. */
export class Evaluation implements EvaluationResult {
  readonly protocol: Protocol;
  readonly data: EvaluationData;
  /** In the order given. */
  readonly models: readonly ModelResult[];
  readonly comparisons: readonly Comparison[];
  readonly segments: readonly Segment[];
  readonly warnings: readonly string[];

  constructor(result: EvaluationResult) {
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
    return rankingOf(this);
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
    return renderReport(this.toJSON(), options);
  }
}
