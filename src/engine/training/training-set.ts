import { Dataset } from "../../data/dataset.ts";
import type { EventColumns } from "../../data/event-columns.ts";
import { mergeRepeats } from "../../data/repeats.ts";
import { Vocabulary } from "../../data/vocabulary.ts";

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
 * @param range only events before the time `before`, and of those the `newest` share, in (0, 1]
 */
export function trainingSet(events: WeightedEvents, range: { readonly before?: number; readonly newest?: number } = {}): Dataset {
  const { length, items, users, weight, time } = events;
  const { before = Number.POSITIVE_INFINITY, newest = 1 } = range;
  const from = newest === 1 ? Number.NEGATIVE_INFINITY : momentOfNewest(events, before, newest);
  const taken = (i: number) => weight[i] > 0 && time[i] < before && time[i] >= from;
  let rows = 0;
  for (let i = 0; i < length; i++) if (taken(i)) rows++;
  const columns = {
    user: new Uint32Array(rows),
    item: new Uint32Array(rows),
    weight: new Float32Array(rows),
    time: new Float64Array(rows),
  };
  const userRow = new Int32Array(users).fill(-1);
  const userIds: number[] = [];
  for (let i = 0, at = 0; i < length; i++) {
    if (!taken(i)) continue;
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

/** When the newest share of the events before a moment begins. */
function momentOfNewest({ time, weight }: WeightedEvents, before: number, share: number): number {
  const times = time.filter((at, i) => weight[i] > 0 && at < before).sort();
  return times[Math.floor((1 - share) * times.length)] ?? before;
}

/** Items of a model in service: their ids are their indices in the project. */
export function itemVocabulary(size: number): Vocabulary {
  // A plain loop, for this runs in the serving thread as well, over all items.
  const ids = new Array<number>(size);
  for (let index = 0; index < size; index++) ids[index] = index;
  return new Vocabulary("item", ids);
}
