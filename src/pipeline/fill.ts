import type { SkippedSource } from "./answer.ts";
import type { Asked, GuardedSource } from "./guarded-source.ts";
import type { ItemMarks } from "./item-marks.ts";
import type { Borrowed } from "./masks.ts";
import type { PipelineItem } from "./pipeline.ts";

/** What stands for whatever may be returned, when no source has more to say. */
export const REST = "rest";

/**
 * Fills a list to k items: with what the fallback sources give, one after the other, and then with any allowed items, the newest first. A
 * list is short afterwards only when no more items are allowed. Filled items have score 0.
 */
export async function fill(
  items: PipelineItem[],
  k: number,
  fallbacks: readonly GuardedSource[],
  asked: Asked,
  mask: Borrowed,
  marks: ItemMarks,
  skipped: SkippedSource[],
): Promise<void> {
  mask.crossOut(Uint32Array.from(items, ({ item }) => item));
  for (const source of fallbacks) {
    if (items.length >= k) return;
    const answer = source.ask({ ...asked, k: k - items.length }, marks);
    const outcome = answer instanceof Promise ? await answer : answer;
    if (outcome.skipped !== undefined) skipped.push(outcome.skipped);
    if (outcome.candidates === undefined) continue;
    const named = [source.name];
    for (const item of outcome.candidates.items) items.push({ item, score: 0, propensity: 1, sources: named });
    mask.crossOut(outcome.candidates.items);
  }
  const { allowed } = mask;
  const named = [REST];
  // Indices are given in the order in which items first appear.
  for (let item = allowed.lastIndexOf(1); item >= 0 && items.length < k; item = item > 0 ? allowed.lastIndexOf(1, item - 1) : -1)
    items.push({ item, score: 0, propensity: 1, sources: named });
}
