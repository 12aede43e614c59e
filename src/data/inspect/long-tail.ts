import type { Dataset } from "../dataset.ts";
import type { Id } from "../vocabulary.ts";
import { countOf } from "./quantile.ts";

/** How unevenly the interactions are distributed over the items. */
export interface LongTail {
  /** Gini coefficient of the interactions per item, in [0, 1): 0 if all are equally popular (Gini 1912). */
  readonly gini: number;
  /** Share of the interactions that the most popular 1% of the items have. */
  readonly top1Percent: number;
  /** Share of the interactions that the most popular 20% of the items have. */
  readonly top20Percent: number;
  /** Number of items that together have half of the interactions. */
  readonly itemsForHalf: number;
  /** Items with fewer than 5 interactions. */
  readonly itemsBelow5: number;
  /** The most popular items, with their number of interactions. */
  readonly mostPopular: readonly { readonly item: Id; readonly interactions: number }[];
}

export function longTailOf(data: Dataset): LongTail {
  const all = countOf(data.interactions.item, data.items.size);
  const counts = all.filter((count) => count > 0).sort();
  const n = counts.length;
  let sum = 0;
  let weighted = 0;
  let below5 = 0;
  for (let rank = 0; rank < n; rank++) {
    sum += counts[rank];
    weighted += (rank + 1) * counts[rank];
    if (counts[rank] < 5) below5++;
  }
  const shareOfTop = (share: number) => {
    let top = 0;
    for (let rank = n - 1; rank >= n - Math.ceil(share * n); rank--) top += counts[rank];
    return sum === 0 ? 0 : top / sum;
  };
  let forHalf = 0;
  for (let top = 0; 2 * top < sum; forHalf++) top += counts[n - 1 - forHalf];
  const order = Uint32Array.from(all.keys()).sort((a, b) => all[b] - all[a] || a - b);
  return {
    gini: sum === 0 ? 0 : (2 * weighted) / (n * sum) - (n + 1) / n,
    top1Percent: shareOfTop(0.01),
    top20Percent: shareOfTop(0.2),
    itemsForHalf: forHalf,
    itemsBelow5: below5,
    mostPopular: Array.from(order.subarray(0, Math.min(5, n)), (item) => ({ item: data.items.id(item), interactions: all[item] })),
  };
}
