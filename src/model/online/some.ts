import type { Backend } from "../../kernel/backend.ts";
import type { FittedModel } from "../fitted-model.ts";
import type { Histories } from "../histories.ts";
import { ReachedItems } from "../reached-items.ts";
import { TopItems } from "../top-items.ts";
import { onlineExplain } from "./explain.ts";
import type { OnlineModel } from "./online-model.ts";

/** Answers from a model that scores only the items a history reaches; the others cost nothing. */
export function onlineSome(model: FittedModel, backend: Backend): OnlineModel {
  const { definition, state, options, itemCount } = model;
  const reached = new ReachedItems(itemCount);
  const best = new TopItems();
  const emit = (_row: number, item: number, score: number) => reached.add(item, score);
  let last: Histories | undefined;

  function reach(history: Histories): void {
    if (history === last) return;
    last = history;
    reached.start();
    definition.scoreSome?.(state, history.within(itemCount), emit, options, { backend });
  }

  return {
    model,
    prepared: Promise.resolve(),
    top(history, { k, allowed }) {
      reach(history);
      best.start(Math.min(k, reached.count));
      for (let i = 0; i < reached.count; i++) {
        const item = reached.items[i];
        if (allowed[item] === 1) best.offer(item, reached.scoreOf(item));
      }
      return best.take();
    },
    score(history, items, out) {
      reach(history);
      for (let i = 0; i < items.length; i++) out[i] = items[i] < itemCount ? reached.scoreOf(items[i]) : Number.NaN;
    },
    explain: onlineExplain(model, backend),
  };
}
