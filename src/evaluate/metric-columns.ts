import { metrics } from "../metrics/index.gen.ts";
import type { Metric } from "../metrics/metric.ts";
import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";
import type { MetricColumn } from "./evaluation-result.ts";

/** The name of a registered metric. */
export type MetricName = keyof typeof metrics;

/** Default metrics. */
export const DEFAULT_METRICS: readonly MetricName[] = ["ndcg", "recall", "mrr", "coverage"];

/** Additional defaults for models that predict ratings. */
export const DEFAULT_RATING_METRICS: readonly MetricName[] = ["rmse", "mae"];

/** The metrics with these names; the caller's own metrics are passed through. @throws RecoError `bad-option` for an unknown or repeated name */
export function findMetrics(wanted: readonly (MetricName | Metric)[]): Metric[] {
  const known: Readonly<Record<string, Metric>> = metrics;
  const found = wanted.map((entry): Metric => {
    if (typeof entry !== "string") return entry;
    if (Object.hasOwn(known, entry)) return known[entry];
    throw new RecoError(
      "bad-option",
      `Unknown metric: "${entry}".${didYouMean(entry, Object.keys(known))} Available: ${Object.keys(known).join(", ")}.`,
    );
  });
  found.forEach((metric, i) => {
    if (found.findIndex((other) => other.name === metric.name) < i)
      throw new RecoError("bad-option", `The metric ${metric.name} is listed twice.`);
  });
  return found;
}

/** The columns of a metric: one per k, or a single one if it doesn't depend on k. */
export function columnsOf(metric: Metric, ks: readonly number[]): MetricColumn[] {
  const { name, better, over } = metric;
  if (over === "scores" || over === "ratings") return [{ name, metric: name, k: null, better }];
  return ks.map((k) => ({ name: `${name}@${k}`, metric: name, k, better }));
}
