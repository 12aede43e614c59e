import type { Dataset } from "../dataset.ts";

/** How the data changes from period to period; each period has the same number of interactions. */
export interface Drift {
  readonly periods: readonly Period[];
  /** How many of the most popular items are compared. */
  readonly topItems: number;
  /** Mean share of the most popular items of one period that are also among the most popular of the next. */
  readonly popularityOverlap: number;
}

export interface Period {
  /** First and last time, as in the dataset. */
  readonly from: number;
  readonly to: number;
  readonly interactions: number;
  readonly users: number;
  readonly items: number;
  /** Share of this period's users that appear in no earlier period. */
  readonly newUsers: number;
  /** Share of this period's items that appear in no earlier period. */
  readonly newItems: number;
  /** Share of the previous period's most popular items that are still among the most popular; omitted for the first period. */
  readonly popularityOverlap?: number;
}

const PERIODS = 4;

/** Undefined if too few interactions have a time. */
export function driftOf(data: Dataset, time: Float64Array): Drift | undefined {
  const sorted = time.filter((value) => !Number.isNaN(value)).sort();
  const n = sorted.length;
  if (n < 10 * PERIODS || sorted[0] === sorted[n - 1]) return undefined;
  const starts = Array.from({ length: PERIODS }, (_, p) => sorted[Math.floor((p * n) / PERIODS)]);
  const { user, item } = data.interactions;
  const topItems = Math.max(1, Math.min(50, Math.floor(data.items.size / 10)));
  // The period of first appearance plus 1, and the latest period so far plus 1.
  const seenUser = new Uint8Array(data.users.size);
  const seenItem = new Uint8Array(data.items.size);
  const periodOf = Uint8Array.from(time, (value) => {
    let period = PERIODS - 1;
    while (period > 0 && !(value >= starts[period])) period--;
    return period;
  });
  const periods: Period[] = [];
  let previous: Set<number> | undefined;
  for (let p = 0; p < PERIODS; p++) {
    const counts = new Uint32Array(data.items.size);
    let interactions = 0;
    const tally = { users: 0, newUsers: 0, items: 0, newItems: 0 };
    const nowUser = new Uint8Array(data.users.size);
    let to = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < user.length; i++) {
      if (periodOf[i] !== p || Number.isNaN(time[i])) continue;
      interactions++;
      if (time[i] > to) to = time[i];
      if (counts[item[i]]++ === 0) {
        tally.items++;
        if (seenItem[item[i]] === 0) tally.newItems++;
        seenItem[item[i]] = 1;
      }
      if (nowUser[user[i]] === 0) {
        nowUser[user[i]] = 1;
        tally.users++;
        if (seenUser[user[i]] === 0) tally.newUsers++;
        seenUser[user[i]] = 1;
      }
    }
    if (interactions === 0) continue;
    const order = Uint32Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a] || a - b);
    const top = new Set(order.subarray(0, topItems));
    const kept = previous === undefined ? undefined : [...previous].filter((one) => top.has(one)).length / topItems;
    periods.push({
      from: starts[p],
      to,
      interactions,
      users: tally.users,
      items: tally.items,
      newUsers: tally.newUsers / tally.users,
      newItems: tally.newItems / tally.items,
      ...(kept === undefined ? {} : { popularityOverlap: kept }),
    });
    previous = top;
  }
  const overlaps = periods.flatMap((period) => period.popularityOverlap ?? []);
  return {
    periods,
    topItems,
    popularityOverlap: overlaps.length === 0 ? 1 : overlaps.reduce((sum, share) => sum + share, 0) / overlaps.length,
  };
}
