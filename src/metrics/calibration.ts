import { defineMetric } from "./metric.ts";

/** Weight of the history mixed into the list's distribution, as in the paper, so that the cost of a missing category is high but finite. */
const SMOOTHING = 0.01;

/**
 * Miscalibration at k: how far the category mix of the list is from that of the user's history,
 *
 *     KL(p || q~) = sum over categories g of p(g) ln(p(g) / q~(g)),   q~ = 0.99 q + 0.01 p
 *
 * where an item spreads a mass of 1 evenly over its categories, p is the mean over the history and q the mean over the list (all ranks
 * weigh the same). In [0, ln 100]: 0 if the mixes are equal. Items without a category are left out; NaN if history or list has none. Needs an
 * item feature of type category or categories.
 *
 * Source: Steck 2018 (equations 2, 3 and 6).
 */
export const calibration = defineMetric({
  name: "calibration",
  over: "list",
  better: "lower",
  accuracy: false,
  measure: (catalog) => {
    const { offsets, indices, columns } = catalog.itemCategories();
    const wanted = new Float64Array(columns);
    const given = new Float64Array(columns);
    const distribute = (items: Uint32Array, end: number, into: Float64Array): number => {
      into.fill(0);
      let counted = 0;
      for (let i = 0; i < end; i++) {
        const from = offsets[items[i]];
        const to = offsets[items[i] + 1];
        if (to > from) counted++;
        for (let at = from; at < to; at++) into[indices[at]] += 1 / (to - from);
      }
      return counted;
    };
    return ({ items, history }, k) => {
      const inHistory = distribute(history, history.length, wanted);
      const inList = distribute(items, Math.min(k, items.length), given);
      if (inHistory === 0 || inList === 0) return Number.NaN;
      let divergence = 0;
      for (let g = 0; g < columns; g++) {
        if (wanted[g] === 0) continue;
        const p = wanted[g] / inHistory;
        divergence += p * Math.log(p / ((1 - SMOOTHING) * (given[g] / inList) + SMOOTHING * p));
      }
      return Math.max(0, divergence);
    };
  },
});
