import type { Dataset } from "../dataset.ts";
import { countOf, quantile } from "./quantile.ts";

/** Basic counts. Only users and items with an interaction count. */
export interface Counts {
  readonly interactions: number;
  readonly users: number;
  readonly items: number;
  /** Distinct user-item pairs divided by users x items, in [0, 1]. */
  readonly density: number;
  readonly perUser: Spread;
  readonly perItem: Spread;
  /** Share of users with fewer than 5 interactions. */
  readonly usersBelow5: number;
  /** Omitted if every interaction has weight 1. */
  readonly weight?: { readonly min: number; readonly max: number; readonly mean: number; readonly distinct: number };
  /** Omitted without times. `clock` is false if the numbers can't be milliseconds since 1970. */
  readonly time?: { readonly from: number; readonly to: number; readonly clock: boolean };
  readonly eventTypes?: Readonly<Record<string, number>>;
}

/** Distribution of a count over users or items. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly mean: number;
  readonly p90: number;
  readonly max: number;
}

/** Times before March 3, 1973 in milliseconds are taken for counters, ranks or minutes. */
const FIRST_CLOCK = 1e11;

/** Distinct weights are counted up to this number. */
const MANY = 1000;

export function countsOf(data: Dataset, pairs: number): Counts {
  const { user, item, weight, time, type } = data.interactions;
  const perUser = occurring(countOf(user, data.users.size));
  const perItem = occurring(countOf(item, data.items.size));
  const users = perUser.length;
  const items = perItem.length;
  let short = 0;
  while (short < users && perUser[short] < 5) short++;
  return {
    interactions: data.size,
    users,
    items,
    density: users * items === 0 ? 0 : pairs / (users * items),
    perUser: spreadOf(perUser),
    perItem: spreadOf(perItem),
    usersBelow5: users === 0 ? 0 : short / users,
    ...(weight && data.size > 0 ? { weight: weightsOf(weight) } : {}),
    ...(time && data.size > 0 ? timesOf(time) : {}),
    ...(type ? { eventTypes: typesOf(type, data.eventTypes) } : {}),
  };
}

function occurring(counts: Uint32Array): Uint32Array {
  return counts.filter((count) => count > 0).sort();
}

function spreadOf(ascending: Uint32Array): Spread {
  let sum = 0;
  for (const count of ascending) sum += count;
  const n = ascending.length;
  return {
    min: n ? ascending[0] : 0,
    median: quantile(ascending, 0.5),
    mean: n ? sum / n : 0,
    p90: quantile(ascending, 0.9),
    max: n ? ascending[n - 1] : 0,
  };
}

function weightsOf(weight: Float64Array) {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  const seen = new Set<number>();
  for (let i = 0; i < weight.length; i++) {
    min = Math.min(min, weight[i]);
    max = Math.max(max, weight[i]);
    sum += weight[i];
    if (seen.size < MANY) seen.add(weight[i]);
  }
  return { min, max, mean: sum / weight.length, distinct: seen.size };
}

function timesOf(time: Float64Array): { time?: { from: number; to: number; clock: boolean } } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < time.length; i++) {
    if (time[i] < from) from = time[i];
    if (time[i] > to) to = time[i];
  }
  return Number.isFinite(from) ? { time: { from, to, clock: from >= FIRST_CLOCK } } : {};
}

function typesOf(type: Uint8Array, names: readonly string[]): Record<string, number> {
  const counts = countOf(Uint32Array.from(type), names.length);
  return Object.fromEntries(names.map((name, i) => [name, counts[i]]));
}
