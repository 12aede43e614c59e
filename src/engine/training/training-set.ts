import { Dataset } from "../../data/dataset.ts";
import type { EventColumns } from "../../data/event-columns.ts";
import type { FeatureTable } from "../../data/features.ts";
import { takeFeatures } from "../../data/features.ts";
import { mergeRepeats } from "../../data/repeats.ts";
import { Vocabulary } from "../../data/vocabulary.ts";
import type { FitFeatures } from "./fit-features.ts";

/** The events of a project, each with its weight in favor of its item. */
export interface WeightedEvents extends EventColumns {
  /** 0 if an event doesn't count. */
  readonly weight: Float32Array;
  /** 1 for events that the user took back later. */
  readonly takenBack?: Uint8Array | undefined;
  /** Number of items in the project. */
  readonly items: number;
  /** Number of users in the project. */
  readonly users: number;
}

/** Which events go into a training set. */
export interface TrainingRange {
  /** Only events before this time. */
  readonly before?: number;
  /** Share of those, the newest, in (0, 1]; all if absent. */
  readonly newest?: number;
  /** Keep every event as a separate interaction, with its type, for models that need the order of events. Default false. */
  readonly entries?: boolean;
}

/** Features by the project's indices. */
export interface BesideEvents extends Partial<FitFeatures> {
  readonly eventTypes?: readonly string[];
}

/**
 * What a model is fitted on: a row per user-item pair, with the sum of its weights and the time of its last event, or a row per event. Item
 * i is item i of the project, with the index as its id; only users with a row are included.
 */
export function trainingSet(events: WeightedEvents, range: TrainingRange = {}, beside: BesideEvents = {}): Dataset {
  const { length, items, users, weight, time } = events;
  const { before = Number.POSITIVE_INFINITY, newest = 1, entries = false } = range;
  const from = newest === 1 ? Number.NEGATIVE_INFINITY : momentOfNewest(events, before, newest);
  const taken = (i: number) => weight[i] > 0 && time[i] < before && time[i] >= from;
  let rows = 0;
  for (let i = 0; i < length; i++) if (taken(i)) rows++;
  const columns = {
    user: new Uint32Array(rows),
    item: new Uint32Array(rows),
    weight: new Float64Array(rows),
    time: new Float64Array(rows),
    ...(entries && { type: new Uint8Array(rows) }),
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
    if (columns.type) columns.type[at] = events.type[i];
    columns.time[at++] = time[i];
  }
  const { interactions, merged } = entries ? { interactions: columns, merged: 0 } : mergeRepeats(columns, userIds.length, items, 1, "sum");
  return new Dataset({
    users: new Vocabulary("user", userIds),
    items: itemVocabulary(items),
    interactions,
    ...(entries && beside.eventTypes && { eventTypes: beside.eventTypes }),
    ...(beside.items && {
      itemFeatures: featuresAt(
        beside.items,
        Int32Array.from({ length: items }, (_, item) => item),
      ),
    }),
    ...(beside.users && { userFeatures: featuresAt(beside.users, Int32Array.from(userIds)) }),
    provenance: [{ step: "events", events: rows, merged }],
  });
}

/** The rows of a table at the project's indices; entries added after the table was made have no features. */
export function featuresAt(table: FeatureTable, indices: Int32Array): FeatureTable {
  const size = featureRows(table);
  return takeFeatures(
    table,
    indices.map((index) => (index < size ? index : -1)),
  );
}

function featureRows(table: FeatureTable): number {
  for (const column of Object.values(table))
    switch (column.type) {
      case "category":
        return column.codes.length;
      case "categories":
        return column.offsets.length - 1;
      case "vector":
        return column.values.length / column.dimensions;
      case "place":
        return column.latitude.length;
      default:
        return column.values.length;
    }
  return 0;
}

/** The time at which the newest share of the events before a given moment begins. */
function momentOfNewest({ time, weight }: WeightedEvents, before: number, share: number): number {
  const times = time.filter((at, i) => weight[i] > 0 && at < before).sort();
  return times[Math.floor((1 - share) * times.length)] ?? before;
}

/** The items of a live model: their ids are their indices in the project. */
export function itemVocabulary(size: number): Vocabulary {
  // A plain loop, because this also runs in the serving thread, over all items.
  const ids = new Array<number>(size);
  for (let index = 0; index < size; index++) ids[index] = index;
  return new Vocabulary("item", ids);
}
