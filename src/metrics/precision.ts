import { defineMetric, hitsWithin } from "./metric.ts";

/**
 * Precision at k: the share of the list that is relevant, hits / k. The divisor is k even if fewer than k items could be recommended, so a
 * model gains nothing by returning fewer. In [0, 1]; users with fewer than k held-out items can't reach 1.
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
