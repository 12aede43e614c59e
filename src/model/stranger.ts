import { when } from "../data/splits/cut.ts";
import type { Id, Vocabulary } from "../data/vocabulary.ts";
import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";
import { bagOf, type RepeatRule } from "./bag.ts";
import type { Histories, HistoryColumns } from "./histories.ts";
import type { QuerySchema } from "./model-parts.ts";
import { type Need, seesEntries } from "./needs.ts";
import type { HistoryItem, Moment } from "./query.ts";

/** The parts of a model needed to understand queries. */
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

/** The entry columns of one row. */
export type HistoryRow = Pick<HistoryColumns, "item" | "weight" | "time" | "type" | "group"> & { readonly current?: number };

/** The history given in a query, in the form it would have if the interactions were a known user's. */
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

/** Oldest first; entries without a time come before all others, as in the data. */
function inTime(history: readonly (Id | HistoryItem)[]): readonly (Id | HistoryItem)[] {
  if (history.every((entry) => typeof entry !== "object" || entry.time === undefined)) return history;
  const times = history.map((entry) => {
    if (typeof entry !== "object" || entry.time === undefined) return when(Number.NaN);
    const time = Number(entry.time);
    if (Number.isNaN(time))
      throw new RecoError(
        "bad-input",
        `The time of item ${JSON.stringify(entry.item)} must be milliseconds or a Date, but is ${entry.time}.`,
      );
    return time;
  });
  return [...history.keys()].sort((a, b) => times[a] - times[b]).map((at) => history[at]);
}

function weightOf({ item, weight = 1 }: HistoryItem): number {
  if (!Number.isFinite(weight))
    throw new RecoError("bad-input", `The weight of item ${JSON.stringify(item)} must be a finite number, but is ${weight}.`);
  return weight;
}

function timeOf({ item, time }: HistoryItem, { name }: Asked): number {
  if (time === undefined) throw new RecoError("bad-input", `${name} needs times. Add time to item ${JSON.stringify(item)} of the history.`);
  return Number(time);
}

function typeOf({ item, type }: HistoryItem, { name, schema }: Asked): number {
  const known = schema.eventTypes;
  if (type === undefined)
    throw new RecoError(
      "bad-input",
      `${name} needs event types. Add type (${known.join(", ")}) to item ${JSON.stringify(item)} of the history.`,
    );
  const index = known.indexOf(type);
  if (index < 0)
    throw new RecoError("bad-input", `Unknown event type "${type}".${didYouMean(type, known)} The model knows ${known.join(", ")}.`);
  return index;
}

/** Sessions or baskets, numbered by when they begin. Entries without one belong to the current one. */
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
