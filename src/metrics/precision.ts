import { defineMetric, hitsWithin } from "./metric.ts";

/**
 * Precision at k: the share of the list that is relevant, hits / k. Divided by k also where fewer than k items could be recommended, so
 * that a model gains nothing by answering with less. In [0, 1]; below 1 at best for users with fewer than k withheld items.
 *
 * Source: Cleverdon, Mills and Keen 1966; the cut at k as in Järvelin and Kekäläinen 2002.
 */
export const precision = defineMetric({
  name: "precision",
  over: "list",
  better: "higher",
  accuracy: true,
  measure:
    () =>
    ({ hits }, k) =>
      hitsWithin(hits, k) / k,
});
