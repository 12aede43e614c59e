import { type EvaluationResult, rankingOf } from "./evaluation-result.ts";
import { decimalsFor, formatNumber, formatP } from "./format-number.ts";

/** A sentence that says what was ranked and for whom. */
export function protocolSentence({ protocol, data }: EvaluationResult): string {
  const ranked =
    protocol.candidates === "all-items"
      ? `all ${count(data.items)} items ranked`
      : `${count(protocol.candidates)} random items per user ranked together with the held-out ones`;
  return `${count(data.testUsers)} users with held-out interactions; ${ranked}, seen ones excluded; seed ${protocol.seed}.`;
}

/** A sentence that compares the best two models, if there are two. */
export function verdictSentence(evaluation: EvaluationResult): string[] {
  const [column] = evaluation.protocol.columns;
  const [first, second] = rankingOf(evaluation);
  const comparison = evaluation.comparisons.find(
    ({ column: name, a, b }) => name === column?.name && a === first?.label && b === second?.label,
  );
  if (comparison === undefined) return [];
  const { difference, low, high, pAdjusted, significant, a, b } = comparison;
  const pairs = evaluation.comparisons.filter(({ column: name }) => name === comparison.column).length;
  const decimals = Math.max(4, decimalsFor([difference]));
  const size = `${formatNumber(difference, decimals)}${low === null || high === null ? "" : ` (${formatNumber(low, decimals)} to ${formatNumber(high, decimals)})`}`;
  const p = `${formatP(pAdjusted)}${pairs > 1 ? ` corrected for ${pairs} pairs` : ""}`;
  return [
    significant
      ? `${comparison.column}: ${a} beats ${b}, difference ${size}, ${p}.`
      : `${comparison.column}: no significant difference between ${a} and ${b}: ${size}, ${p}.`,
  ];
}

function count(n: number): string {
  return n.toLocaleString("en");
}
