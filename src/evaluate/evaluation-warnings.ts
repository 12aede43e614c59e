import type { Metric } from "../metrics/metric.ts";
import type { EvaluationData, Protocol } from "./evaluation-result.ts";
import type { Measured } from "./measure-model.ts";
import type { Targets } from "./targets.ts";

/** With fewer users than this, intervals are so wide that few differences show. */
const FEW_USERS = 100;

/** What readers must know before they trust the numbers. */
export function evaluationWarnings(parts: {
  protocol: Protocol;
  data: EvaluationData;
  targets: Targets;
  measured: ReadonlyMap<string, Measured>;
  metrics: readonly Metric[];
  /** Whether the caller named the metrics; if so, models that they can't measure get a warning. */
  chosen: boolean;
}): string[] {
  const { protocol, data, targets, measured, metrics, chosen } = parts;
  const warnings: string[] = [];
  if (protocol.candidates !== "all-items")
    warnings.push(
      `Only ${count(protocol.candidates)} random items per user were ranked together with the held-out ones. The numbers are higher than over all items, ` +
        "can't be compared with those, and may put models in the wrong order (Krichene and Rendle 2020).",
    );
  if (targets.repeats > 0)
    warnings.push(
      `${count(targets.repeats)} held-out items were ignored because they repeat an item of the user's history, and such items are never recommended.`,
    );
  if (data.testUsers < FEW_USERS)
    warnings.push(`Only ${count(data.testUsers)} users were evaluated. Expect wide intervals and few significant differences.`);
  if (data.coldUsers > 0)
    warnings.push(
      `${count(data.coldUsers)} of ${count(data.testUsers)} users have no history, so models can only give them popular items.`,
    );
  if (data.coldItemShare > 0)
    warnings.push(
      `${percent(data.coldItemShare)} of the held-out interactions are with items that have no training interactions. Models without item features can't find them.`,
    );
  for (const [label, { lists, shortLists }] of measured)
    if (shortLists > 0)
      warnings.push(`${label} gave fewer than ${Math.max(...protocol.k)} items to ${count(shortLists)} of ${count(lists)} users.`);
  const cannot = [...measured]
    .filter(([, { series }]) => metrics.some((metric) => metric.over === "ratings" && !series.has(metric.name)))
    .map(([label]) => label);
  if (chosen && cannot.length > 0)
    warnings.push(
      `${cannot.join(", ")} rank${cannot.length === 1 ? "s" : ""} items but do${cannot.length === 1 ? "es" : ""}n't predict ratings: no rating error is reported.`,
    );
  if (protocol.resamples === 0) warnings.push("There are no intervals, because resamples is 0.");
  return warnings;
}

function count(n: number): string {
  return n.toLocaleString("en");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.001 ? 3 : 1)}%`;
}
