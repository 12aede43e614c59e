import type { Asked, GuardedSource, Outcome } from "./guarded-source.ts";
import type { ItemMarks } from "./item-marks.ts";
import type { Borrowed } from "./masks.ts";
import type { Ranking } from "./ranking.ts";

/** What stands for whatever may be returned, when no source has more to say. */
const REST = "rest";

/**
 * Fills a ranking up to `wanted` items: with what the fallback sources give, one after the other, and then with any allowed items, the newest
 * first. It is short afterwards only when no more items are allowed.
 *
 * @param fallbacks undefined: nothing is filled
 */
export async function fill(
  ranking: Ranking,
  wanted: number,
  fallbacks: readonly GuardedSource[] | undefined,
  asked: Asked,
  { allowed }: Borrowed,
  marks: ItemMarks,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  if (fallbacks === undefined) return outcomes;
  // What is in the ranking is crossed out while it is filled.
  for (let place = 0; place < ranking.length; place++) allowed[ranking.item(place)] = 0;
  for (const source of fallbacks) {
    if (ranking.length >= wanted) break;
    const answer = source.ask({ ...asked, k: wanted - ranking.length }, marks);
    const outcome = answer instanceof Promise ? await answer : answer;
    outcomes.push(outcome);
    if (outcome.candidates === undefined) continue;
    ranking.add(source.name, outcome.candidates);
    for (const item of outcome.candidates.items) allowed[item] = 0;
  }
  if (ranking.length < wanted) ranking.add(REST, anyOf(allowed, wanted - ranking.length));
  for (let place = 0; place < ranking.length; place++) allowed[ranking.item(place)] = 1;
  return outcomes;
}

/** Any allowed items, from the last index on: indices are given in the order in which items first appear. */
function anyOf(allowed: Uint8Array, count: number) {
  const items: number[] = [];
  let item = allowed.lastIndexOf(1);
  while (item >= 0 && items.length < count) {
    items.push(item);
    item = item > 0 ? allowed.lastIndexOf(1, item - 1) : -1;
  }
  return { items: Uint32Array.from(items), scores: new Float32Array(items.length) };
}
