import { randomizationTest } from "../../evaluate/randomization-test.ts";
import type { Judgement } from "./judge.ts";

/** A model evaluated on the held-out events. */
export interface Judged {
  readonly label: string;
  readonly judgement: Judgement;
  /** A model that gives everyone the same list, tried as a baseline for the personalized ones. */
  readonly floor?: boolean;
}

export interface Decision<C extends Judged> {
  /** The candidate to fit on all events. */
  readonly winner: C;
  /** False if it is worse than the live model. */
  readonly promote: boolean;
  readonly reason: string;
}

/** Significance level: below this p-value, a difference counts. */
const LEVEL = 0.05;

/**
 * Decides which candidate goes live. Differences are tested user by user (paired randomization test, level .05), so that noise neither
 * keeps a good model out nor changes models at every fit:
 *
 * 1. The candidate with the highest ndcg@10 wins. A floor wins only if it is better than every other candidate beyond chance, because fallbacks serve popular items anyway.
 * 2. The kind of the live model (`current`), if it is among the candidates, stays unless another is better beyond chance.
 * 3. The winner is rejected if it is worse, beyond chance, than the live model (`incumbent`).
 *
 * All candidates were fitted on events before the cut, and so was `incumbent`: the live model itself if it has seen nothing after the cut,
 * otherwise a model of its kind, fitted on the same events as the candidates.
 */
export function decide<C extends Judged>(candidates: readonly C[], current: C | undefined, incumbent: Judged | undefined): Decision<C> {
  const [first, ...rest] = [...candidates].sort((a, b) => score(b) - score(a));
  const personal = first.floor ? rest.find((candidate) => !candidate.floor && chance(first, candidate) >= LEVEL) : undefined;
  let winner = personal ?? first;
  const users = winner.judgement.ndcg.length;
  const told = `ndcg@10 ${score(winner).toFixed(4)} on ${users.toLocaleString("en")} users`;
  let reason =
    winner === first
      ? `${winner.label} did best: ${told}.`
      : `${winner.label} did best of the personalized models: ${told}; ${first.label} was not significantly better (${score(first).toFixed(4)}).`;
  if (current !== undefined && winner !== current && chance(winner, current) >= LEVEL) {
    reason = `${current.label} stays: ${winner.label} was not significantly better (${score(winner).toFixed(4)} against ${score(current).toFixed(4)} on ${users.toLocaleString("en")} users).`;
    winner = current;
  }
  if (incumbent !== undefined && score(winner) < score(incumbent) && chance(winner, incumbent) < LEVEL)
    return {
      winner,
      promote: false,
      reason: `Rejected: ${winner.label} is worse than the live model, ${incumbent.label} (ndcg@10 ${score(winner).toFixed(4)} against ${score(incumbent).toFixed(4)} on ${users.toLocaleString("en")} users).`,
    };
  return { winner, promote: true, reason };
}

function score({ judgement }: Judged): number {
  return judgement.metrics["ndcg@10"];
}

/** How likely a difference this large is by chance. */
function chance(a: Judged, b: Judged): number {
  return randomizationTest(a.judgement.ndcg.map((value, user) => value - b.judgement.ndcg[user]));
}
