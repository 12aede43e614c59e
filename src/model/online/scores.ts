import type { Backend } from "../../kernel/backend.ts";
import type { Model } from "../model.ts";
import type { OnlineHistory, OnlineModel } from "../online.ts";
import { ownExplain } from "./explain.ts";
import { historyRow } from "./history-row.ts";
import { TopItems } from "./top-items.ts";

/** Answers of a model that can only score every item: as slow as it is. */
export function onlineScores(model: Model, backend: Backend): OnlineModel {
  const { definition, state, options } = model;
  const itemCount = model.items.size;
  const scores = new Float32Array(itemCount);
  const best = new TopItems();
  let last: OnlineHistory | undefined;

  /** Without a history, a model that looks at it has nothing to say: all scores are 0. */
  function scoreAll(history: OnlineHistory): void {
    if (history === last) return;
    last = history;
    const { row } = historyRow(history, itemCount);
    if (row.indices.length === 0 && !definition.ignoresHistory) scores.fill(0);
    else definition.score?.(state, row, scores, options, { backend });
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
    explain: ownExplain(model, backend),
  };
}
