import { defineMetric, hitsWithin } from "./metric.ts";

/**
 * Recall at k: the share of the withheld items T that the list holds, hits / |T|. In [0, 1]; a user with more than k withheld items
 * cannot reach 1, for which see `capped-recall`. The two are often published under one name.
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
