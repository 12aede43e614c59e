import { defineMetric } from "./metric.ts";

/**
 * Serendipity at k: the share of the list that is relevant and not obvious, |hits outside the obvious list| / k. The obvious list, made by
 * the "primitive model" of Ge et al., is what popularity alone would have shown this user: the k items outside the history with the most
 * training users. In [0, 1], at most precision.
 *
 * Source: Ge, Delgado-Battenfeld and Jannach 2010.
 */
export const serendipity = defineMetric({
  name: "serendipity",
  over: "list",
  better: "higher",
  accuracy: true,
  measure: ({ mostPopular, items: count }) => {
    const obvious = new Uint32Array(count);
    const seen = new Uint32Array(count);
    let call = 0;
    return ({ items, hits, history }, k) => {
      call++;
      for (let i = 0; i < history.length; i++) seen[history[i]] = call;
      for (let i = 0, taken = 0; i < count && taken < k; i++) {
        if (seen[mostPopular[i]] === call) continue;
        obvious[mostPopular[i]] = call;
        taken++;
      }
      const end = Math.min(k, items.length);
      let found = 0;
      for (let i = 0; i < end; i++) if (hits[i] === 1 && obvious[items[i]] !== call) found++;
      return found / k;
    };
  },
});
