import type { Dataset } from "../data/dataset.ts";
import { hasRepeats } from "./bag.ts";
import { type Need, needsMet } from "./needs.ts";

/** The figures of a dataset that decide which models are worth trying, and what they cost. */
export interface DataShape {
  /** Users with interactions, items with interactions, and distinct pairs of them. */
  readonly users: number;
  readonly items: number;
  readonly pairs: number;
  /** All items, including those without interactions: the size of matrices. */
  readonly catalog: number;
  /** Share of the pairs of users and items that interact, in [0, 1]. */
  readonly density: number;
  /** Share of the interactions that repeat an earlier one of the same user and item, in [0, 1). */
  readonly repeats: number;
  /** Sum over users of the squared number of their items: how many pairs of items users bring together. */
  readonly itemPairs: number;
  /** Mean square of the weights. */
  readonly meanSquare: number;
  /** Whether weights differ. */
  readonly weighted: boolean;
  /** Days from the first to the last interaction; 0 without times. */
  readonly days: number;
  /** The needs that the data meets. */
  readonly has: readonly Need[];
}

const DAY = 86_400_000;

export function shapeOf(data: Dataset): DataShape {
  const rows = data.byUser();
  const { weight, time } = data.interactions;
  const { distinct, users, itemPairs } = pairsOf(rows);
  const popular = new Uint8Array(data.items.size);
  for (const item of data.interactions.item) popular[item] = 1;
  const items = popular.reduce((sum, one) => sum + one, 0);
  let squares = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const one of weight ?? []) squares += one * one;
  for (const at of time ?? []) {
    if (at < first) first = at;
    if (at > last) last = at;
  }
  return {
    users,
    items,
    pairs: distinct,
    catalog: data.items.size,
    density: distinct / Math.max(1, users * items),
    repeats: 1 - distinct / Math.max(1, data.size),
    itemPairs,
    meanSquare: weight === undefined ? 1 : squares / Math.max(1, data.size),
    weighted: weight?.some((one) => one !== weight[0]) ?? false,
    days: last > first ? (last - first) / DAY : 0,
    has: needsMet(data),
  };
}

function pairsOf(rows: ReturnType<Dataset["byUser"]>): { distinct: number; users: number; itemPairs: number } {
  const { offsets, indices } = rows;
  const repeating = hasRepeats(rows);
  let [distinct, users, itemPairs] = [0, 0, 0];
  for (let user = 0; user < rows.rows; user++) {
    let length = offsets[user + 1] - offsets[user];
    if (repeating) for (let e = offsets[user] + 1; e < offsets[user + 1]; e++) if (indices[e] === indices[e - 1]) length--;
    if (length > 0) users++;
    distinct += length;
    itemPairs += length ** 2;
  }
  return { distinct, users, itemPairs };
}
