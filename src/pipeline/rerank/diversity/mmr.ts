import type { ItemSimilarity } from "../item-similarity.ts";
import type { Adjustment } from "../select.ts";
import { defineDiversity } from "./define-diversity.ts";

export const mmr = defineDiversity({
  kind: "mmr",
  description: "Maximal marginal relevance (Carbonell and Goldstein 1998): mildly favors variety.",
  options: {},
  create: (similarity, members, { strength }) => maximalMarginalRelevance(similarity, members, strength),
});

/**
 * Maximal marginal relevance: the next item is the one with the largest
 *
 *     (1 - strength) * relevance - strength * (largest similarity to an item of the list)
 *
 * Source: Carbonell and Goldstein 1998, with strength = 1 - lambda.
 *
 * @param members number of eligible items
 */
export function maximalMarginalRelevance(similarity: ItemSimilarity, members: number, strength: number): Adjustment {
  const nearest = new Float64Array(members);
  const toNew = new Float64Array(members);
  let listed = 0;
  return {
    adjust: (value, position) => (1 - strength) * value - strength * nearest[position],
    add(position) {
      similarity.toAll(position, toNew);
      // Similarities of vectors can be negative, so the first listed item sets the starting value.
      for (let i = 0; i < members; i++) if (listed === 0 || toNew[i] > nearest[i]) nearest[i] = toNew[i];
      listed++;
    },
  };
}
