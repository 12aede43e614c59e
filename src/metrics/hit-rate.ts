import { defineMetric, hitsWithin } from "./metric.ts";

/**
 * Hit rate at k: 1 if the list contains at least one held-out item, otherwise 0; the mean is the share of users with a hit. Equals recall if
 * one item per user is held out (leave last out).
 *
 * Source: Deshpande and Karypis 2004.
 */
export const hitRate = defineMetric({
  name: "hit-rate",
  over: "list",
  better: "higher",
  accuracy: true,
  measure:
    () =>
    ({ hits }, k) =>
      hitsWithin(hits, k) > 0 ? 1 : 0,
});
