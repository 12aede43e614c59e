import { defineMetric } from "./metric.ts";

/**
 * Average recommendation popularity at k: the mean number of training users of the items in the list. Lower means less popularity bias.
 * NaN for an empty list.
 *
 * Source: Yin et al. 2012; Abdollahpouri et al. 2019.
 */
export const averagePopularity = defineMetric({
  name: "average-popularity",
  over: "list",
  better: "lower",
  accuracy: false,
  measure: ({ popularity }) => {
    return ({ items }, k) => {
      const end = Math.min(k, items.length);
      let sum = 0;
      for (let i = 0; i < end; i++) sum += popularity[items[i]];
      return sum / end;
    };
  },
});
