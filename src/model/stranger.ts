import { when } from "../data/splits/cut.ts";
import type { Id, Vocabulary } from "../data/vocabulary.ts";
import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";
import { bagOf, type RepeatRule } from "./bag.ts";
import type { Histories, HistoryColumns } from "./histories.ts";
import type { QuerySchema } from "./model-parts.ts";
import { type Need, seesEntries } from "./needs.ts";
import type { HistoryItem, Moment } from "./query.ts";

/** What a model knows to understand queries. */
export interface Asked {
  readonly name: string;
  readonly needs: readonly Need[];
  readonly repeats: RepeatRule;
  readonly users: Vocabulary;
  readonly items: Vocabulary;
  /** The histories of known users. */
  readonly histories: Histories;
  readonly schema: QuerySchema;
}

/** The columns over the entries of one row. */
export type HistoryRow = Pick<HistoryColumns, "item" | "weight" | "time" | "type" | "group"> & { readonly current?: number };

/** The history of somebody who is not among the users, as that of a user with the same interactions would be. */
export function strangerRow(history: readonly (Id | HistoryItem)[], moment: Moment, model: Asked): HistoryRow {
  const { items, needs, repeats } = model;
  const sorted = inTime(history);
  const item = new Uint32Array(sorted.length);
  const weight = new Float32Array(sorted.length);
  for (let e = 0; e < sorted.length; e++) {
    const entry = sorted[e];
    const bare = typeof entry !== "object";
    item[e] = items.require(bare ? entry : entry.item);
    weight[e] = bare ? 1 : weightOf(entry);
  }
  if (!seesEntries(needs)) {
    const bag = bagOf({ rows: 1, items: items.size, offsets: Uint32Array.of(0, item.length), item, weight }, repeats);
    return { item: bag.indices, weight: bag.values };
  }
  const entries = sorted.map((entry): HistoryItem => (typeof entry === "object" ? entry : { item: entry }));
  return {
    item,
    weight,
    ...(needs.includes("times") && { time: Float64Array.from(entries, (entry) => timeOf(entry, model)) }),
    ...(needs.includes("behaviors") && { type: Uint8Array.from(entries, (entry) => typeOf(entry, model)) }),
    ...(needs.includes("sessions") && groupsOf(entries, ({ session }) => session, moment.session)),
    ...(needs.includes("baskets") && groupsOf(entries, ({ basket }) => basket, moment.basket)),
  };
}

/** The older before the newer; entries without a time come first, as in the data. */
function inTime(history: readonly (Id | HistoryItem)[]): readonly (Id | HistoryItem)[] {
  if (history.every((entry) => typeof entry !== "object" || entry.time === undefined)) return history;
  const times = history.map((entry) => {
    if (typeof entry !== "object" || entry.time === undefined) return when(Number.NaN);
    const time = Number(entry.time);
    if (Number.isNaN(time))
      throw new RecoError(
        "bad-input",
        `The time of item ${JSON.stringify(entry.item)} is ${entry.time}; it must be milliseconds or a Date.`,
      );
    return time;
  });
  return [...history.keys()].sort((a, b) => times[a] - times[b]).map((at) => history[at]);
}

function weightOf({ item, weight = 1 }: HistoryItem): number {
  if (!Number.isFinite(weight))
    throw new RecoError("bad-input", `The weight of item ${JSON.stringify(item)} is ${weight}; it must be a finite number.`);
  return weight;
}

function timeOf({ item, time }: HistoryItem, { name }: Asked): number {
  if (time === undefined)
    throw new RecoError("bad-input", `${name} needs times: give item ${JSON.stringify(item)} of the history its time.`);
  return Number(time);
}

function typeOf({ item, type }: HistoryItem, { name, schema }: Asked): number {
  const known = schema.eventTypes;
  if (type === undefined)
    throw new RecoError(
      "bad-input",
      `${name} needs event types: give item ${JSON.stringify(item)} of the history its type (${known.join(", ")}).`,
    );
  const index = known.indexOf(type);
  if (index < 0)
    throw new RecoError("bad-input", `The model knows no event type "${type}".${didYouMean(type, known)} It knows ${known.join(", ")}.`);
  return index;
}

/** Sessions or baskets numbered in the order they begin. Entries that name none are of the one that goes on. */
function groupsOf(
  entries: readonly HistoryItem[],
  of: (entry: HistoryItem) => Id | undefined,
  ongoing: Id | undefined,
): { group: Uint32Array; current: number } {
  const numbers = new Map<Id | undefined, number>();
  const group = Uint32Array.from(entries, (entry) => {
    const id = of(entry) ?? ongoing;
    const number = numbers.get(id) ?? numbers.size;
    numbers.set(id, number);
    return number;
  });
  return { group, current: numbers.get(ongoing) ?? (ongoing === undefined ? Math.max(0, numbers.size - 1) : numbers.size) };
}
