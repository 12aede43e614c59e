import type { Asked, GuardedSource, Outcome } from "./guarded-source.ts";
import type { ItemMarks } from "./item-marks.ts";
import type { Borrowed } from "./masks.ts";
import type { Ranking } from "./ranking.ts";

/** The source name of items that fill a list once the sources run out. */
const REST = "rest";

/**
 * Fills a ranking up to `wanted` items: from the fallback sources in order, then with any allowed items, newest first. The result is short
 * only if no more items are allowed.
 *
 * @param fallbacks undefined: don't fill
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
  // Cross out what is already in the ranking.
  for (let place = 0; place < ranking.length; place++) allowed[ranking.item(place)] = 0;
  for (const source of fallbacks) {
    if (ranking.length >= wanted || !allowed.includes(1)) break;
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

/** Any allowed items, highest index first: items are indexed in order of first appearance. */
function anyOf(allowed: Uint8Array, count: number) {
  const items: number[] = [];
  let item = allowed.lastIndexOf(1);
  while (item >= 0 && items.length < count) {
    items.push(item);
    item = item > 0 ? allowed.lastIndexOf(1, item - 1) : -1;
  }
  return { items: Uint32Array.from(items), scores: new Float32Array(items.length) };
}
