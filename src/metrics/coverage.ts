import { defineMetric } from "./metric.ts";

/**
 * Catalog coverage at k: the share of all items in the vocabulary that appear in at least one list. In [0, 1]. It grows with the number of
 * users, so compare it only within one evaluation.
 *
 * Source: Ge, Delgado-Battenfeld and Jannach 2010.
 */
export const coverage = defineMetric({
  name: "coverage",
  over: "exposure",
  better: "higher",
  measure: (exposure) => {
    let shown = 0;
    for (let item = 0; item < exposure.length; item++) if (exposure[item] > 0) shown++;
    return shown / exposure.length;
  },
});
