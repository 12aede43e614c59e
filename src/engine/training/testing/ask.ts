import { defaultBackend } from "../../../kernel/backend.ts";
import type { FittedModel } from "../../../model/fitted-model.ts";
import { Histories } from "../../../model/histories.ts";
import { NO_ITEM } from "../../../model/ranked-lists.ts";
import { similarItems } from "../../../model/similar-items.ts";

/** The ten best items, by index, for a history of these items, which are left out. */
export function recommended(model: FittedModel | undefined, history: readonly number[]): number[] {
  if (model === undefined) return [];
  const columns = { rows: 1, items: model.itemCount, offsets: Uint32Array.of(0, history.length), item: Uint32Array.from(history) };
  const histories = new Histories({ ...columns, weight: new Float32Array(history.length).fill(1) });
  return [...model.rank(histories, { k: 10, exclude: histories.bag() }).items].filter((item) => item !== NO_ITEM);
}

/** The items most similar to an item, by index. */
export function alikeItems(model: FittedModel | undefined, item: number): number[] {
  if (model === undefined) return [];
  const { items, scores } = similarItems(model, item, 10, defaultBackend());
  return [...items].filter((other, i) => other !== NO_ITEM && scores[i] !== 0);
}
