import { defineMetric, hitsWithin } from "./metric.ts";

/**
 * Recall at k: the share of the held-out items T that the list contains, hits / |T|. In [0, 1]; users with more than k held-out items can't
 * reach 1 (see `capped-recall`). Both definitions are often published under the same name.
 *
 * Source: Cleverdon, Mills and Keen 1966; as used for LightGCN (He et al. 2020).
 */
export const recall = defineMetric({
  name: "recall",
  over: "list",
  better: "higher",
  accuracy: true,
  measure:
    () =>
    ({ hits, relevant }, k) =>
      hitsWithin(hits, k) / relevant.length,
});
