import { randomizationTest } from "../../evaluate/randomization-test.ts";
import type { Judgement } from "./judge.ts";

/** Something that was judged on the withheld events. */
export interface Judged {
  readonly label: string;
  readonly judgement: Judgement;
  /** A model that answers everybody alike, tried so that it is known what personal ones are worth. */
  readonly floor?: boolean;
}

export interface Decision<C extends Judged> {
  /** The candidate to fit on everything. */
  readonly winner: C;
  /** False where it is worse than what is in service. */
  readonly promote: boolean;
  readonly reason: string;
}

/** Chance below which a difference is no chance. */
const LEVEL = 0.05;

/**
 * Which candidate goes into service. Differences are judged user by user (paired randomization test, level .05), so that noise neither
 * keeps a good model out nor changes models at every fit:
 *
 * 1. The candidate with the highest ndcg@10 wins; but a floor only where it is better than every other candidate beyond chance, since
 *    fallbacks give popular items anyway.
 * 2. The kind of model in service (`current`), where it is among the candidates, stays unless another is better beyond chance.
 * 3. The winner is rejected where it is worse, beyond chance, than what is in service (`incumbent`).
 *
 * All candidates were fitted on events before the cut, and so was `incumbent`: the model in service itself where it has seen nothing
 * behind the cut, else its kind, fitted on the same events as the candidates.
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
      : `${winner.label} did best of the personal models: ${told}; ${first.label} was not better beyond chance (${score(first).toFixed(4)}).`;
  if (current !== undefined && winner !== current && chance(winner, current) >= LEVEL) {
    reason = `${current.label} stays: ${winner.label} was not better beyond chance (${score(winner).toFixed(4)} against ${score(current).toFixed(4)} on ${users.toLocaleString("en")} users).`;
    winner = current;
  }
  if (incumbent !== undefined && score(winner) < score(incumbent) && chance(winner, incumbent) < LEVEL)
    return {
      winner,
      promote: false,
      reason: `Rejected: ${winner.label} is worse than ${incumbent.label} in service (ndcg@10 ${score(winner).toFixed(4)} against ${score(incumbent).toFixed(4)} on ${users.toLocaleString("en")} users).`,
    };
  return { winner, promote: true, reason };
}

function score({ judgement }: Judged): number {
  return judgement.metrics["ndcg@10"];
}

/** How likely so large a difference is where there is none. */
function chance(a: Judged, b: Judged): number {
  return randomizationTest(a.judgement.ndcg.map((value, user) => value - b.judgement.ndcg[user]));
}
