import type { Metric } from "../metrics/metric.ts";
import type { EvaluationData, Protocol } from "./evaluation-result.ts";
import type { Measured } from "./measure-model.ts";
import type { Targets } from "./targets.ts";

/** Fewer users than this leave intervals so wide that little can be told apart. */
const FEW_USERS = 100;

/** What the reader must know before trusting the numbers, in words. */
export function evaluationWarnings(parts: {
  protocol: Protocol;
  data: EvaluationData;
  targets: Targets;
  measured: ReadonlyMap<string, Measured>;
  metrics: readonly Metric[];
  /** Whether the caller named the metrics: then a model that cannot be measured by one is worth a word. */
  chosen: boolean;
}): string[] {
  const { protocol, data, targets, measured, metrics, chosen } = parts;
  const warnings: string[] = [];
  if (protocol.candidates !== "all-items")
    warnings.push(
      `Only ${count(protocol.candidates)} random items a user were ranked beside the withheld ones: the numbers are higher than over all items, ` +
        "cannot be compared with such, and may put models in the wrong order (Krichene and Rendle 2020).",
    );
  if (targets.repeats > 0)
    warnings.push(
      `${count(targets.repeats)} withheld items were left out, since they repeat an item of the user's history, which is never recommended.`,
    );
  if (data.testUsers < FEW_USERS)
    warnings.push(`Only ${count(data.testUsers)} users were evaluated: expect wide intervals and few significant differences.`);
  if (data.coldUsers > 0)
    warnings.push(`${count(data.coldUsers)} of ${count(data.testUsers)} users have no history: models can give them only what is popular.`);
  if (data.coldItemShare > 0)
    warnings.push(
      `${percent(data.coldItemShare)} of the withheld interactions are with items that have no training interaction: models without item features cannot find them.`,
    );
  for (const [label, { lists, shortLists }] of measured)
    if (shortLists > 0)
      warnings.push(`${label} gave fewer than ${Math.max(...protocol.k)} items to ${count(shortLists)} of ${count(lists)} users.`);
  const cannot = [...measured]
    .filter(([, { series }]) => metrics.some((metric) => metric.over === "ratings" && !series.has(metric.name)))
    .map(([label]) => label);
  if (chosen && cannot.length > 0)
    warnings.push(
      `${cannot.join(", ")} rank${cannot.length === 1 ? "s" : ""} items and predict${cannot.length === 1 ? "s" : ""} no ratings: no error of ratings.`,
    );
  if (protocol.resamples === 0) warnings.push("No resamples were asked for: there are no intervals.");
  return warnings;
}

function count(n: number): string {
  return n.toLocaleString("en");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.001 ? 3 : 1)}%`;
}
