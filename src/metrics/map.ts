import { defineMetric } from "./metric.ts";

/**
 * Mean average precision at k: a user's average precision is
 *
 *     AP = 1 / min(k, |T|) * sum over places i = 1 … k of hit_i * precision(i)
 *
 * with T the held-out items. In [0, 1]; every user can reach 1. Variants divide by |T| (TREC) or by the number of hits; for |T| up to k, all
 * give the same order.
 *
 * Source: Buckley and Voorhees 2000; the cut with min(k, |T|) as in the Million Song Dataset challenge (McFee et al. 2012).
 */
export const map = defineMetric({
  name: "map",
  over: "list",
  better: "higher",
  accuracy: true,
  measure:
    () =>
    ({ hits, relevant }, k) => {
      const end = Math.min(k, hits.length);
      let found = 0;
      let sum = 0;
      for (let i = 0; i < end; i++) {
        if (hits[i] === 0) continue;
        found++;
        sum += found / (i + 1);
      }
      return sum / Math.min(k, relevant.length);
    },
});
