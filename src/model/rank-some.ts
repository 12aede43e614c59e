import { RecoError } from "../util/errors.ts";
import type { Histories } from "./histories.ts";
import { NO_ITEM, type RankedLists, type Ranker, type Selection } from "./ranked-lists.ts";
import { ReachedItems } from "./reached-items.ts";
import { TopItems } from "./top-items.ts";

/**
 * Lists from a model that emits scores of some items: first the items scored above 0, then the most popular ones that weren't reached, then the
 * rest. The cost depends on the number of emitted scores, not on the size of the catalog.
 */
export function rankSome(ranker: Ranker, histories: Histories, { k, exclude, allowed }: Selection): RankedLists {
  const { itemCount, byPopularity } = ranker;
  const lists: RankedLists = {
    k,
    items: new Uint32Array(histories.rows * k).fill(NO_ITEM),
    scores: new Float32Array(histories.rows * k).fill(Number.NEGATIVE_INFINITY),
  };
  const best = new TopItems();
  const excludedIn = new Uint32Array(itemCount);
  scoreRows(ranker, histories, (row, reached) => {
    if (exclude !== undefined)
      for (let e = exclude.offsets[row]; e < exclude.offsets[row + 1]; e++) excludedIn[exclude.indices[e]] = row + 1;
    const open = (item: number) => excludedIn[item] !== row + 1 && (allowed === undefined || allowed[item] === 1);
    let end = row * k;
    const takeBest = (wanted: (score: number) => boolean) => {
      best.start((row + 1) * k - end);
      for (let i = 0; i < reached.count; i++) {
        const score = reached.scoreOf(reached.items[i]);
        if (wanted(score) && open(reached.items[i])) best.offer(reached.items[i], score);
      }
      const { items, scores } = best.take();
      lists.items.set(items, end);
      lists.scores.set(scores, end);
      end += items.length;
    };
    takeBest((score) => score > 0);
    for (let place = 0; place < itemCount && end < (row + 1) * k; place++) {
      const item = byPopularity[place];
      if (reached.has(item) || !open(item)) continue;
      lists.items[end] = item;
      lists.scores[end++] = 0;
    }
    if (end < (row + 1) * k) takeBest((score) => score <= 0);
  });
  return lists;
}

/** Scores of all items; 0 for items not reached. */
export function scoreAllBySome(ranker: Ranker, histories: Histories, out: Float32Array): void {
  out.fill(0);
  scoreRows(ranker, histories, (row, reached) => {
    for (let i = 0; i < reached.count; i++) out[row * ranker.itemCount + reached.items[i]] = reached.scoreOf(reached.items[i]);
  });
}

/** Visits each row with the items it reaches. */
function scoreRows(ranker: Ranker, histories: Histories, visit: (row: number, reached: ReachedItems) => void): void {
  const { definition, state, options, itemCount, backend } = ranker;
  const reached = new ReachedItems(itemCount);
  let row = 0;
  reached.start();
  const advance = (to: number) => {
    for (; row < to; row++) {
      visit(row, reached);
      reached.start();
    }
  };
  const emit = (of: number, item: number, score: number) => {
    if (of < row)
      throw new RecoError("bad-input", `${definition.name} emitted a score for row ${of} after row ${row}. Emit rows in ascending order.`);
    if (of > row) advance(of);
    reached.add(item, score);
  };
  definition.scoreSome?.(state, histories, emit, options, { backend });
  advance(histories.rows);
}
