import type { Backend } from "../../kernel/backend.ts";
import type { Model } from "../model.ts";
import type { OnlineHistory, OnlineModel } from "../online.ts";
import { historyRow } from "./history-row.ts";

/** What a definition's own `explain` says, in the order of the history; undefined for models without one. */
export function ownExplain({ definition, state, options, items }: Model, backend: Backend): OnlineModel["explain"] {
  if (definition.explain === undefined) return undefined;
  return (history: OnlineHistory, item: number) => {
    const contributions = new Float32Array(history.items.length);
    if (item >= items.size) return contributions;
    const { row, places } = historyRow(history, items.size);
    const ofRow = new Float32Array(places.length);
    definition.explain?.(state, row, item, ofRow, options, { backend });
    for (let at = 0; at < places.length; at++) contributions[places[at]] = ofRow[at];
    return contributions;
  };
}
