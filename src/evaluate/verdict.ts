import type { Evaluation, MetricColumn, ModelResult } from "./evaluation.ts";

/** How the value of a model stands in its column. `even`: worse than the best, but not significantly. */
type Standing = "best" | "even" | "worse" | "none";

/** The best value of a column, or null where no model has one. */
function bestOf(evaluation: Evaluation, column: MetricColumn): number | null {
  const values = evaluation.models.flatMap((model) => model.metrics[column.name]?.value ?? []);
  return values.length === 0 ? null : column.better === "lower" ? Math.min(...values) : Math.max(...values);
}

/** Says of a model in a column whether it is the best, or cannot be told from it. */
export function standingOf(evaluation: Evaluation, column: MetricColumn, model: ModelResult): Standing {
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

function isBest(evaluation: Evaluation, column: MetricColumn, label: string, best: number): boolean {
  return evaluation.models.some((model) => model.label === label && model.metrics[column.name]?.value === best);
}
