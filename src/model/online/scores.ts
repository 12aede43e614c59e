import type { Backend } from "../../kernel/backend.ts";
import type { FittedModel } from "../fitted-model.ts";
import type { Histories } from "../histories.ts";
import { TopItems } from "../top-items.ts";
import { onlineExplain } from "./explain.ts";
import type { OnlineModel } from "./online-model.ts";

/** Answers from a model that can only score all items at once, so each request costs that much. */
export function onlineScores(model: FittedModel, backend: Backend): OnlineModel {
  const { definition, state, options, itemCount } = model;
  const scores = new Float32Array(itemCount);
  const best = new TopItems();
  let last: Histories | undefined;

  /** All scores are 0 if the model needs a history and there is none. */
  function scoreAll(history: Histories): void {
    if (history === last) return;
    last = history;
    const known = history.within(itemCount);
    if (known.item.length === 0 && !model.answersEmpty) scores.fill(0);
    else definition.score?.(state, known, scores, options, { backend });
  }

  return {
    model,
    prepared: Promise.resolve(),
    top(history, { k, allowed }) {
      scoreAll(history);
      best.start(Math.min(k, itemCount));
      for (let item = 0; item < itemCount; item++) if (allowed[item] === 1 && scores[item] !== 0) best.offer(item, scores[item]);
      return best.take();
    },
    score(history, items, out) {
      scoreAll(history);
      for (let i = 0; i < items.length; i++) out[i] = items[i] < itemCount ? scores[items[i]] : Number.NaN;
    },
    explain: onlineExplain(model, backend),
  };
}
