import type { Csr } from "../data/csr.ts";
import type { Dataset } from "../data/dataset.ts";
import { rowsOfUsersInTime } from "../data/splits/cut.ts";
import { bagOf, hasRepeats, type RepeatRule } from "./bag.ts";
import { Histories, type HistoryColumns } from "./histories.ts";
import { type Need, seesEntries } from "./needs.ts";

/** The fields of a model or definition that decide how it sees histories. */
export interface HistoryView {
  readonly needs?: readonly Need[] | undefined;
  readonly repeats?: RepeatRule | undefined;
  readonly predicts?: "ranking" | "rating" | undefined;
}

/** How a model merges repeats: as declared; otherwise the last rating counts, and other weights are added up. */
export function repeatRule({ repeats, predicts }: HistoryView): RepeatRule {
  return repeats ?? (predicts === "rating" ? "last" : "sum");
}

/**
 * The histories of all users in a dataset, one row per user, with the columns a model needs. Free for models that see bags if no user repeats
 * an item.
 *
 * @param ongoing the current session or basket of each user, 2^32 - 1 for a new one. Default: the newest
 */
export function historiesOf(data: Dataset, view: HistoryView, ongoing?: Uint32Array): Histories {
  const person = view.needs?.includes("userFeatures") ? data.userFeatures : undefined;
  const rule = repeatRule(view);
  if (seesEntries(view.needs)) return new Histories({ ...entriesOf(data, view.needs ?? [], ongoing), person }, rule);
  const bag = distinctRows(data, rule);
  const { rows, columns, offsets, indices, values } = bag;
  return new Histories({ rows, items: columns, offsets, item: indices, weight: values, person }, rule, bag);
}

/** The interactions of a dataset as rows of distinct items: `data.byUser()` itself if no user repeats an item. */
function distinctRows(data: Dataset, rule: RepeatRule): Csr {
  const rows = data.byUser();
  if (!hasRepeats(rows)) return rows;
  return bagOf(entriesOf(data, []), rule);
}

/** All interactions by user, in time order, with the needed columns. */
function entriesOf(data: Dataset, needs: readonly Need[], ongoing?: Uint32Array): HistoryColumns {
  const { rows, offsets } = rowsOfUsersInTime(data);
  const { item, weight, time, type, session, basket } = data.interactions;
  const groups = needs.includes("sessions") ? session : needs.includes("baskets") ? basket : undefined;
  return {
    rows: data.users.size,
    items: data.items.size,
    offsets,
    item: Uint32Array.from(rows, (row) => item[row]),
    weight: weight === undefined ? new Float32Array(rows.length).fill(1) : Float32Array.from(rows, (row) => weight[row]),
    ...(needs.includes("times") && time && { time: Float64Array.from(rows, (row) => time[row]) }),
    ...(needs.includes("behaviors") && type && { type: Uint8Array.from(rows, (row) => type[row]) }),
    ...(groups && numberedGroups(rows, offsets, groups, ongoing)),
  };
}

/** Sessions or baskets, numbered within each row by when they begin, and the current one of each row. */
function numberedGroups(
  rows: Uint32Array,
  offsets: Uint32Array,
  groups: Uint32Array,
  ongoing: Uint32Array | undefined,
): { group: Uint32Array; current: Uint32Array } {
  const group = new Uint32Array(rows.length);
  const current = new Uint32Array(offsets.length - 1);
  for (let user = 0; user < current.length; user++) {
    const numbers = new Map<number, number>();
    for (let e = offsets[user]; e < offsets[user + 1]; e++) {
      const code = groups[rows[e]];
      group[e] = numbers.get(code) ?? numbers.size;
      numbers.set(code, group[e]);
    }
    const newest = offsets[user + 1] > offsets[user] ? group[offsets[user + 1] - 1] : 0;
    current[user] = ongoing === undefined ? newest : (numbers.get(ongoing[user]) ?? numbers.size);
  }
  return { group, current };
}
