import { defineMetric } from "./metric.ts";

/**
 * Gini index of exposure at k: how unevenly recommendations are spread over the n items of the vocabulary, including items never shown,
 *
 *     G = sum over i = 1 … n of (2 i - n - 1) x_i / (n * sum of x),   x_1 ≤ … ≤ x_n the times each item is shown
 *
 * 0 if every item is shown equally often, 1 - 1/n if one item gets everything. NaN without any recommendation.
 *
 * Source: Gini 1912; for recommenders Fleder and Hosanagar 2009.
 */
export const gini = defineMetric({
  name: "gini",
  over: "exposure",
  better: "lower",
  measure: (exposure) => {
    const n = exposure.length;
    const ascending = exposure.slice().sort();
    let total = 0;
    let weighted = 0;
    for (let i = 0; i < n; i++) {
      total += ascending[i];
      weighted += (2 * i + 1 - n) * ascending[i];
    }
    return weighted / (n * total);
  },
});
