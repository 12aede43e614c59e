import { defineMetric } from "./metric.ts";

/**
 * Novelty at k as mean self-information: the surprise of the items in the list,
 *
 *     mean over the list of -log2(users of the item / all users)   in bits, 0 to log2(users)
 *
 * counted in the training data; an item without users counts as having one. NaN for an empty list.
 *
 * Source: Zhou et al. 2010; Vargas and Castells 2011.
 */
export const novelty = defineMetric({
  name: "novelty",
  over: "list",
  better: "higher",
  accuracy: false,
  measure: ({ popularity, users }) => {
    const surprise = Float64Array.from(popularity, (count) => -Math.log2(Math.max(1, count) / users));
    return ({ items }, k) => {
      const end = Math.min(k, items.length);
      let sum = 0;
      for (let i = 0; i < end; i++) sum += surprise[items[i]];
      return sum / end;
    };
  },
});
