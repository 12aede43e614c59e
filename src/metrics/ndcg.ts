import { defineMetric } from "./metric.ts";

/**
 * Normalized discounted cumulative gain at k, binary:
 *
 *     DCG  = sum over places i = 1 … k of hit_i / log2(i + 1)
 *     IDCG = sum over places i = 1 … min(k, |T|) of 1 / log2(i + 1)
 *     NDCG = DCG / IDCG
 *
 * with T the held-out items. In [0, 1]. Variants with the same name differ: an ideal list that isn't cut at k (sum up to |T|) or not at |T|
 * (sum up to k) gives smaller numbers. Graded relevance (gain 2^rating - 1) makes sense only if users rated items they were not shown.
 *
 * Source: Järvelin and Kekäläinen 2002; this form as used for LightGCN (He et al. 2020) and by Liang et al. 2018.
 */
export const ndcg = defineMetric({
  name: "ndcg",
  over: "list",
  better: "higher",
  accuracy: true,
  measure: () => {
    const discounts: number[] = [];
    const ideals: number[] = [0];
    return ({ hits, relevant }, k) => {
      for (let i = discounts.length; i < k; i++) {
        discounts.push(1 / Math.log2(i + 2));
        ideals.push(ideals[i] + discounts[i]);
      }
      const end = Math.min(k, hits.length);
      let gain = 0;
      for (let i = 0; i < end; i++) if (hits[i] === 1) gain += discounts[i];
      return gain / ideals[Math.min(k, relevant.length)];
    };
  },
});
