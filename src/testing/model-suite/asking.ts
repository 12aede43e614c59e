import type { Dataset } from "../../data/dataset.ts";
import type { Id } from "../../data/vocabulary.ts";
import type { Model } from "../../model/model.ts";
import type { HistoryItem, Moment, Query } from "../../model/query.ts";
import { kindAt, START } from "./suite-data.ts";

/** A query for a user of the data, with the moment in case the model needs it. */
export function byUser(user: Id, moment: Moment = now): Query {
  return { user, ...moment };
}

/** A query with a history of these items, with everything a model may need. */
export function byItems(items: readonly Id[], moment: Moment = now): Query {
  const history = items.map((item, i): HistoryItem => ({ item, time: START + i, type: "view", session: "a", basket: "a" }));
  return { history, features: { kind: "red" }, ...moment };
}

/** A year after the first interaction, among red things. */
export const now: Moment = { at: START + 365 * 24 * 3_600_000, context: { kind: "red" } };

/** A query with the history of a user of the data, instead of their id. */
export function asStranger(data: Dataset, user: number, moment: Moment = now): Query {
  const { interactions: rows, eventTypes, userFeatures } = data;
  const history: HistoryItem[] = [];
  rows.user.forEach((index, row) => {
    if (index !== user) return;
    history.push({
      item: data.items.id(rows.item[row]),
      ...(rows.weight && { weight: rows.weight[row] }),
      ...(rows.time && { time: rows.time[row] }),
      ...(rows.type && { type: eventTypes[rows.type[row]] }),
      ...(rows.session && { session: rows.session[row] }),
      ...(rows.basket && { basket: rows.basket[row] }),
    });
  });
  return { history, ...(userFeatures.kind && { features: kindAt(userFeatures, user) }), ...moment };
}

/** The lists of all users of a model. */
export function listsOf(model: Model, moment: Moment = now): ReturnType<Model["recommendBatch"]> {
  return model.recommendBatch(
    model.users.ids.map((user) => byUser(user, moment)),
    { k: 10 },
  );
}
