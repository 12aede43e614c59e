import { intraListDistance } from "./intra-list-distance.ts";
import { defineMetric } from "./metric.ts";

/**
 * Intra-list diversity at k: the mean over the pairs of a list of 1 - cosine between the sets of training users of the two items. In
 * [0, 1]: 0 when the same people chose all of them, 1 when nobody chose two. Needs nothing but interactions, so it is there for every
 * dataset; `category-diversity` is the same over what the items are. Items without training users are left out.
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
