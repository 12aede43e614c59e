import { defineMetric } from "./metric.ts";

/**
 * Mean reciprocal rank at k: 1 / rank of the first held-out item in the list, 0 if it is not among the first k. In [0, 1].
 *
 * Source: Voorhees 1999 (TREC-8 question answering).
 */
export const mrr = defineMetric({
  name: "mrr",
  over: "list",
  better: "higher",
  accuracy: true,
  measure:
    () =>
    ({ hits }, k) => {
      const place = hits.indexOf(1);
      return place < 0 || place >= k ? 0 : 1 / (place + 1);
    },
});
