import type { Id } from "../data/vocabulary.ts";
import type { Model } from "../model/model.ts";
import { table } from "../util/table.ts";
import { decimal, shortScore } from "./numbers.ts";

/** The title of an item, or its id if it has none. */
export function itemWords(item: Id, model: Model): string {
  return model.titleOf(item) ?? `item ${item}`;
}

/** An entry of a list, for JSON. */
export function entryJson(
  { item, score }: { readonly item: Id; readonly score: number },
  model: Model,
): { item: Id; title?: string; score: number } {
  return { ...itemJson(item, model), score: shortScore(score) };
}

/** An item with its title, if it has one. */
export function itemJson(item: Id, model: Model): { item: Id; title?: string } {
  const title = model.titleOf(item);
  return title === undefined ? { item } : { item, title };
}

/** A list of items with scores, for people. */
export function listTable(
  list: readonly { readonly item: Id; readonly score: number }[],
  model: Model,
  width: number,
  scoreHead?: string,
): string {
  if (list.length === 0) return "  no items left to recommend\n";
  const titled = model.titles !== undefined;
  const head = scoreHead ?? (model.predicts === "rating" ? "rating" : "score");
  const rows = list.map(({ item, score }, i) => [`${i + 1}`, `${item}`, ...(titled ? [model.titleOf(item) ?? ""] : []), decimal(score)]);
  return table(
    [
      { head: "#", align: "right" },
      { head: "item", shrinks: !titled },
      ...(titled ? [{ head: "title", shrinks: true }] : []),
      { head, align: "right" },
    ],
    rows,
    width,
    "  ",
  );
}
