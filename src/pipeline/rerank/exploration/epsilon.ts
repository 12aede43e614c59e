import { Type } from "typebox";
import type { Random } from "../../../util/random.ts";
import { defineExploration, type Explored } from "./define-exploration.ts";

export const epsilon = defineExploration({
  kind: "epsilon",
  description: "Gives each place to a random candidate with a fixed probability.",
  words: "exploration",
  options: { epsilon: Type.Number({ minimum: 0, maximum: 1, description: "The probability for each place." }) },
  create:
    ({ epsilon }) =>
    ({ list, open, spares, random }) =>
      epsilonGreedy(list, open, spares, epsilon, random),
});

/**
 * Epsilon-greedy: with probability `epsilon`, each open place goes to a random candidate from outside the list (without repeats). Otherwise
 * it keeps its item.
 *
 * Propensities are exact. With q the probability that a place is given away and m spares, an item that stayed has 1 - q and one that was
 * added has q / m, since all spares are equally likely. q is epsilon unless the spares may have run out before the place.
 *
 * @param list position of the member at each place
 * @param open places that may change, in order
 * @param spares positions of candidates that may be added
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
    // Always draw one number per place, so places don't depend on each other's draws.
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

/** The probability that each place is given away, given a limited number of spares. */
function givenAway(places: number, spares: number, epsilon: number): Float64Array {
  const probabilities = new Float64Array(places).fill(epsilon);
  if (spares >= places) return probabilities;
  // used[n]: the probability that n spares have been used so far.
  const used = new Float64Array(spares + 1);
  used[0] = 1;
  for (let place = 0; place < places; place++) {
    probabilities[place] = epsilon * (1 - used[spares]);
    for (let n = spares; n > 0; n--) used[n] += epsilon * (used[n - 1] - (n === spares ? 0 : used[n]));
    if (spares > 0) used[0] *= 1 - epsilon;
  }
  return probabilities;
}
