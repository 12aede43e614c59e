import type { ItemCandidates } from "./definition.ts";
import type { Histories } from "./histories.ts";
import { NO_ITEM, type RankedLists, type Ranker, type Selection } from "./ranked-lists.ts";
import { TopItems } from "./top-items.ts";

/** Lists from a model that scores given items: scores all items that may be returned. */
export function rankPairs(ranker: Ranker, histories: Histories, { k, exclude, allowed }: Selection): RankedLists {
  const { definition, state, options, itemCount, backend } = ranker;
  const lists: RankedLists = {
    k,
    items: new Uint32Array(histories.rows * k).fill(NO_ITEM),
    scores: new Float32Array(histories.rows * k).fill(Number.NEGATIVE_INFINITY),
  };
  const candidates = sameForAll(itemsOf(allowed, itemCount), histories.rows);
  const scores = new Float32Array(candidates.item.length);
  definition.scorePairs?.(state, histories, candidates, scores, options, { backend });
  const best = new TopItems();
  const excludedIn = new Uint32Array(itemCount);
  for (let row = 0; row < histories.rows; row++) {
    if (exclude !== undefined)
      for (let e = exclude.offsets[row]; e < exclude.offsets[row + 1]; e++) excludedIn[exclude.indices[e]] = row + 1;
    best.start(k);
    for (let e = candidates.offsets[row]; e < candidates.offsets[row + 1]; e++)
      if (excludedIn[candidates.item[e]] !== row + 1) best.offer(candidates.item[e], scores[e]);
    const top = best.take();
    lists.items.set(top.items, row * k);
    lists.scores.set(top.scores, row * k);
  }
  return lists;
}

/** Scores of all items. */
export function scoreAllByPairs({ definition, state, options, itemCount, backend }: Ranker, histories: Histories, out: Float32Array): void {
  const candidates = sameForAll(itemsOf(undefined, itemCount), histories.rows);
  definition.scorePairs?.(state, histories, candidates, out, options, { backend });
}

function itemsOf(allowed: Uint8Array | undefined, itemCount: number): Uint32Array {
  const all = Uint32Array.from({ length: itemCount }, (_, item) => item);
  return allowed === undefined ? all : all.filter((item) => allowed[item] === 1);
}

function sameForAll(items: Uint32Array, rows: number): ItemCandidates {
  const item = new Uint32Array(rows * items.length);
  for (let row = 0; row < rows; row++) item.set(items, row * items.length);
  return { offsets: Uint32Array.from({ length: rows + 1 }, (_, row) => row * items.length), item };
}
