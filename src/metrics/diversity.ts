import { intraListDistance } from "./intra-list-distance.ts";
import { defineMetric } from "./metric.ts";

/**
 * Intra-list diversity at k by users: the mean over the pairs of a list of 1 - cosine between the sets of training users of the two items. In
 * [0, 1]: 0 if the same people chose all items, 1 if no two items share a user. Needs only interactions, so it works for every dataset;
 * `category-diversity` is the counterpart by category. Items without training users are left out.
 *
 * Source: Smyth and McClave 2001; Ziegler et al. 2005; with this distance Vargas and Castells 2011.
 */
export const diversity = defineMetric({
  name: "diversity",
  over: "list",
  better: "higher",
  accuracy: false,
  measure: (catalog) => intraListDistance(catalog.itemUsers()),
});
