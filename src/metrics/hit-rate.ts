import { defineMetric, hitsWithin } from "./metric.ts";

/**
 * Hit rate at k: 1 if the list holds at least one withheld item, else 0; the mean is the share of users served. Equals recall where one
 * item a user is withheld (leave last out).
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
