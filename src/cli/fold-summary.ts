import type { Evaluation } from "../evaluate/evaluation.ts";
import { table, wrap } from "../util/table.ts";
import { decimal } from "./numbers.ts";

/** Metrics over the folds of a cross-validation. */
export interface FoldSummary {
  /** Mean and standard deviation over the folds, by model and column; null if a fold has no value. */
  readonly models: readonly {
    readonly label: string;
    readonly metrics: Readonly<Record<string, { readonly mean: number | null; readonly deviation: number | null }>>;
  }[];
  readonly warnings: readonly string[];
}

export function foldSummary(evaluations: readonly Evaluation[]): FoldSummary {
  const [first] = evaluations;
  const models = first.models.map(({ label }, m) => ({
    label,
    metrics: Object.fromEntries(
      first.protocol.columns.map(({ name }) => {
        const values = evaluations.map((evaluation) => evaluation.models[m].metrics[name]?.value ?? Number.NaN);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
        return [name, { mean: finite(mean), deviation: finite(deviation) }];
      }),
    ),
  }));
  return {
    models,
    warnings: [...new Set(evaluations.flatMap(({ warnings }) => warnings))].map((warning) => {
      const having = evaluations.flatMap(({ warnings }, fold) => (warnings.includes(warning) ? [fold + 1] : []));
      return having.length === evaluations.length ? warning : `Fold ${having.join(", ")}: ${warning}`;
    }),
  };
}

/** For people: one row per model, best first by the first column. Columns that don't fit go into further tables below. */
export function foldsText({ models, warnings }: FoldSummary, folds: readonly Evaluation[], width: number): string {
  const { columns } = folds[0].protocol;
  const [sorting] = columns;
  const cost = ({ metrics }: (typeof models)[number]) => {
    const { mean } = metrics[sorting.name];
    return mean === null ? Number.MAX_VALUE : sorting.better === "lower" ? mean : -mean;
  };
  const sorted = [...models].sort((a, b) => cost(a) - cost(b));
  const labels = Math.max(...models.map(({ label }) => label.length));
  const cell = ({ mean, deviation }: (typeof models)[number]["metrics"][string]) =>
    mean === null ? "-" : `${digits(mean)} ±${digits(deviation ?? 0)}`;
  const widest = Math.max(...columns.map(({ name }) => Math.max(name.length, ...models.map(({ metrics }) => cell(metrics[name]).length))));
  const fit = Math.max(1, Math.floor((width - labels) / (widest + 2)));
  const tables: string[] = [];
  for (let from = 0; from < columns.length; from += fit) {
    const some = columns.slice(from, from + fit);
    const heads = [{ head: "model" }, ...some.map(({ name }) => ({ head: name, align: "right" as const }))];
    const rows = sorted.map(({ label, metrics }) => [label, ...some.map(({ name }) => cell(metrics[name]))]);
    tables.push(table(heads, rows, width));
  }
  const notes = warnings.map((warning) => `\n${wrap(`Warning: ${warning}`, width)}\n`);
  return `${tables.join("\n")}\nMean ± standard deviation over ${folds.length} folds.\n${notes.join("")}`;
}

/** Four digits, as in the table of a single split: .1234, 12.34. */
function digits(value: number): string {
  return Math.abs(value) < 1 ? value.toFixed(4).replace(/^(-?)0\./, "$1.") : decimal(value);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
