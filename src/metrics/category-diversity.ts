import { intraListDistance } from "./intra-list-distance.ts";
import { defineMetric } from "./metric.ts";

/**
 * Intra-list diversity at k by category: the mean over the pairs of a list of 1 - cosine between the category sets of the two items (genres,
 * departments). In [0, 1]. Items without a category are left out. Needs an item feature of type category or categories.
 *
 * Source: Smyth and McClave 2001; Ziegler et al. 2005.
 */
export const categoryDiversity = defineMetric({
  name: "category-diversity",
  over: "list",
  better: "higher",
  accuracy: false,
  measure: (catalog) => intraListDistance(catalog.itemCategories()),
});
