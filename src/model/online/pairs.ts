import type { Backend } from "../../kernel/backend.ts";
import type { FittedModel } from "../fitted-model.ts";
import type { Histories } from "../histories.ts";
import { TopItems } from "../top-items.ts";
import { onlineExplain } from "./explain.ts";
import type { OnlineModel } from "./online-model.ts";

/** Answers from a model that scores given items: scores the items asked for, or all allowed ones. */
export function onlinePairs(model: FittedModel, backend: Backend): OnlineModel {
  const { definition, state, options, itemCount } = model;
  const wanted = new Uint32Array(itemCount);
  const scores = new Float32Array(itemCount);
  const best = new TopItems();
  let last: Histories | undefined;
  let known: Histories;

  /** Scores the first `count` of the wanted items. */
  function scoreWanted(history: Histories, count: number): boolean {
    if (history !== last) {
      last = history;
      known = history.within(itemCount);
    }
    if (count === 0 || (known.item.length === 0 && !model.answersEmpty)) return false;
    const candidates = { offsets: Uint32Array.of(0, count), item: wanted.subarray(0, count) };
    definition.scorePairs?.(state, known, candidates, scores.subarray(0, count), options, { backend });
    return true;
  }

  return {
    model,
    prepared: Promise.resolve(),
    top(history, { k, allowed }) {
      let count = 0;
      for (let item = 0; item < itemCount; item++) if (allowed[item] === 1) wanted[count++] = item;
      best.start(Math.min(k, count));
      if (scoreWanted(history, count)) for (let i = 0; i < count; i++) best.offer(wanted[i], scores[i]);
      return best.take();
    },
    score(history, items, out) {
      let count = 0;
      for (let i = 0; i < items.length; i++) if (items[i] < itemCount) wanted[count++] = items[i];
      const scored = scoreWanted(history, count);
      for (let i = 0, at = 0; i < items.length; i++) out[i] = items[i] >= itemCount ? Number.NaN : scored ? scores[at++] : 0;
    },
    explain: onlineExplain(model, backend),
  };
}
