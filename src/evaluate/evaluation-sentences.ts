import { type EvaluationResult, rankingOf } from "./evaluation-result.ts";
import { decimalsFor, formatNumber, formatP } from "./format-number.ts";

/** What was ranked for whom, in words. */
export function protocolSentence({ protocol, data }: EvaluationResult): string {
  const ranked =
    protocol.candidates === "all-items"
      ? `all ${count(data.items)} items ranked`
      : `${count(protocol.candidates)} random items a user ranked beside the withheld ones`;
  return `${count(data.testUsers)} users with withheld interactions; ${ranked}, seen ones left out; seed ${protocol.seed}.`;
}

/** The best two models in words, where there are two. */
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
      : `${comparison.column}: ${a} and ${b} cannot be told apart, difference ${size}, ${p}.`,
  ];
}

function count(n: number): string {
  return n.toLocaleString("en");
}
