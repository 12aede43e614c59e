import type { Asked, GuardedSource } from "./guarded-source.ts";

export interface Reason {
  readonly item: number;
  readonly weight: number;
}

/** How many items are named. */
const MOST = 3;

/**
 * Which items of the history (or which anchors) argue for an item, strongest first: of each source that named it and can tell, what share of
 * its arguments each makes, in the mean over these sources. At most three are named, so the weights add up to at most 1.
 */
export function reasonsFor(item: number, sources: readonly GuardedSource[], asked: Asked): readonly Reason[] {
  const shares = new Map<number, number>();
  let telling = 0;
  for (const source of sources) {
    const reasons = source.explain(asked, item).filter(({ weight }) => weight > 0);
    const sum = reasons.reduce((total, { weight }) => total + weight, 0);
    if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) continue;
    telling++;
    for (const reason of reasons) shares.set(reason.item, (shares.get(reason.item) ?? 0) + reason.weight / sum);
  }
  return [...shares]
    .map(([because, share]) => ({ item: because, weight: share / telling }))
    .sort((a, b) => b.weight - a.weight || a.item - b.item)
    .slice(0, MOST);
}
