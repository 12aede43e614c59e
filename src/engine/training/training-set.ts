import { Dataset } from "../../data/dataset.ts";
import { mergeRepeats } from "../../data/repeats.ts";
import { Vocabulary } from "../../data/vocabulary.ts";
import type { EventColumns } from "../../store/store.ts";

/** The events of a project with what each says in favour of its item. */
export interface WeightedEvents extends EventColumns {
  /** 0 where an event says nothing in favour. */
  readonly weight: Float32Array;
  /** Items of the project. */
  readonly items: number;
  /** Users of the project. */
  readonly users: number;
}

/**
 * What a model is fitted on: a row for each pair of user and item, with the sum of its weights and the time of its last event. Item i is item
 * i of the project, with the index as its id; users are those with a row here.
 *
 * @param before only events before this time
 */
export function trainingSet(events: WeightedEvents, before = Number.POSITIVE_INFINITY): Dataset {
  const { length, items, users, weight, time } = events;
  let rows = 0;
  for (let i = 0; i < length; i++) if (weight[i] > 0 && time[i] < before) rows++;
  const columns = {
    user: new Uint32Array(rows),
    item: new Uint32Array(rows),
    weight: new Float32Array(rows),
    time: new Float64Array(rows),
  };
  const userRow = new Int32Array(users).fill(-1);
  const userIds: number[] = [];
  for (let i = 0, at = 0; i < length; i++) {
    if (!(weight[i] > 0 && time[i] < before)) continue;
    const user = events.user[i];
    if (userRow[user] < 0) userRow[user] = userIds.push(user) - 1;
    columns.user[at] = userRow[user];
    columns.item[at] = events.item[i];
    columns.weight[at] = weight[i];
    columns.time[at++] = time[i];
  }
  const { interactions, merged } = mergeRepeats(columns, userIds.length, items, 1, "sum");
  return new Dataset({
    users: new Vocabulary("user", userIds),
    items: itemVocabulary(items),
    interactions,
    provenance: [{ step: "events", events: rows, merged }],
  });
}

/** Items of a model in service: their ids are their indices in the project. */
export function itemVocabulary(size: number): Vocabulary {
  return new Vocabulary(
    "item",
    Array.from({ length: size }, (_, index) => index),
  );
}
