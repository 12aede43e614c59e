import { Type } from "typebox";
import type { Random } from "../../../util/random.ts";
import { defineExploration, type Explored } from "./define-exploration.ts";

export const epsilon = defineExploration({
  kind: "epsilon",
  description: "Each place goes to a random candidate with this probability.",
  words: "exploration",
  options: { epsilon: Type.Number({ minimum: 0, maximum: 1, description: "The probability of each place." }) },
  create:
    ({ epsilon }) =>
    ({ list, open, spares, random }) =>
      epsilonGreedy(list, open, spares, epsilon, random),
});

/**
 * Epsilon-greedy: each open place goes with probability `epsilon` to a random candidate from outside the list, none twice, and keeps its
 * item otherwise.
 *
 * Propensities are exact, over all that is left to chance: with q the probability that a place is given away and m spares, an item
 * that stayed has 1 - q, and one that came q / m, since every spare is as likely as any other. q is epsilon unless spares may have
 * run out before the place.
 *
 * @param list positions by place
 * @param open places that take part, in order
 * @param spares positions of candidates that may come in
 */
function epsilonGreedy(
  list: readonly number[],
  open: readonly number[],
  spares: readonly number[],
  epsilon: number,
  random: Random,
): Explored {
  const explored = [...list];
  const propensities = new Float32Array(list.length).fill(1);
  const left = [...spares];
  const given = givenAway(open.length, spares.length, epsilon);
  open.forEach((place, i) => {
    // One number is drawn a place whatever happens, so that places do not depend on one another's luck.
    const away = random.uniform() < epsilon && left.length > 0;
    propensities[place] = away ? given[i] / spares.length : 1 - given[i];
    if (!away) return;
    const drawn = random.integer(left.length);
    explored[place] = left[drawn];
    left[drawn] = left[left.length - 1];
    left.pop();
  });
  return { list: explored, propensities };
}

/** The probability that each place in turn is given away, when only so many spares are there. */
function givenAway(places: number, spares: number, epsilon: number): Float64Array {
  const probabilities = new Float64Array(places).fill(epsilon);
  if (spares >= places) return probabilities;
  // used[n]: the probability that n spares are used so far.
  const used = new Float64Array(spares + 1);
  used[0] = 1;
  for (let place = 0; place < places; place++) {
    probabilities[place] = epsilon * (1 - used[spares]);
    for (let n = spares; n > 0; n--) used[n] += epsilon * (used[n - 1] - (n === spares ? 0 : used[n]));
    if (spares > 0) used[0] *= 1 - epsilon;
  }
  return probabilities;
}
