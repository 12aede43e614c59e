import type { Csr } from "../data/csr.ts";
import { type FeatureTable, takeFeatures } from "../data/features.ts";
import { bagOf, type RepeatRule } from "./bag.ts";

/** What users did, in columns with one value per entry, and the moment of each query, in columns with one value per row. */
export interface HistoryColumns {
  /** One row per user or query. */
  readonly rows: number;
  /** Size of the item vocabulary. */
  readonly items: number;
  /** rows + 1 entries: row r owns the entries offsets[r] to offsets[r + 1] - 1. */
  readonly offsets: Uint32Array;
  /** Item index of each entry. */
  readonly item: Uint32Array;
  /** Rating, count or confidence of each entry. */
  readonly weight: Float32Array;
  /** Time of each entry, ascending in a row; NaN if unknown, and those come first. For models that need `times`. */
  readonly time?: Float64Array | undefined;
  /** Event type of each entry, as an index into the names. For models that need `behaviors`. */
  readonly type?: Uint8Array | undefined;
  /** Session or basket of each entry, numbered from 0 within the row. For models that need `sessions` or `baskets`. */
  readonly group?: Uint32Array | undefined;
  /** The current session or basket of each row; for a new one, one more than the last in its history. Comes with `group`. */
  readonly current?: Uint32Array | undefined;
  /** The time of each query. Compute ages and hours from this, never from the clock. For models that need `times`. */
  readonly at?: Float64Array | undefined;
  /** Features of the moment (device, place, weather), one entry per row. For models that need `context`. */
  readonly context?: FeatureTable | undefined;
  /** Features of the user, one entry per row. For models that need `userFeatures`. */
  readonly person?: FeatureTable | undefined;
}

/**
 * The histories given to a model: of all users in a fit, of queries, of the users in an evaluation, or of one server request (one row).
 *
 * Models that need `order`, `times`, `sessions`, `baskets` or `behaviors` get the original entries, oldest first, including repeats. All
 * others only need {@link bag}, and may get its rows as entries. A model sees no column that it doesn't need.
 */
export class Histories implements HistoryColumns {
  readonly rows: number;
  readonly items: number;
  readonly offsets: Uint32Array;
  readonly item: Uint32Array;
  readonly weight: Float32Array;
  readonly time: Float64Array | undefined;
  readonly type: Uint8Array | undefined;
  readonly group: Uint32Array | undefined;
  readonly current: Uint32Array | undefined;
  readonly at: Float64Array | undefined;
  readonly context: FeatureTable | undefined;
  readonly person: FeatureTable | undefined;
  /** How repeats are merged by {@link bag}. */
  readonly repeats: RepeatRule;
  #bag: Csr | undefined;

  /** @param repeats as the model declares: see `ModelDefinition.repeats` */
  constructor(columns: HistoryColumns, repeats: RepeatRule = "sum", bag?: Csr) {
    this.rows = columns.rows;
    this.items = columns.items;
    this.offsets = columns.offsets;
    this.item = columns.item;
    this.weight = columns.weight;
    this.time = columns.time;
    this.type = columns.type;
    this.group = columns.group;
    this.current = columns.current;
    this.at = columns.at;
    this.context = columns.context;
    this.person = columns.person;
    this.repeats = repeats;
    this.#bag = bag;
  }

  /**
   * Histories without an order: the entries of a matrix with distinct, ascending columns in each row.
   *
   * @param moment columns with one value per row
   */
  static ofBag(bag: Csr, moment: Pick<HistoryColumns, "at" | "context" | "person"> = {}): Histories {
    const { rows, columns, offsets, indices, values } = bag;
    return new Histories({ rows, items: columns, offsets, item: indices, weight: values, ...moment }, "sum", bag);
  }

  /**
   * The histories as rows of distinct, ascending items. Several entries on one item become one: by default with the last rating in models that
   * predict ratings, and with the sum of the weights in all others (see `repeats` in the definition). The same rule applies in the fit, to known
   * users and to histories given in a query. Computed once; free if the histories already are a bag.
   */
  bag(): Csr {
    this.#bag ??= bagOf(this, this.repeats);
    return this.#bag;
  }

  /** Whether the entries are those of the bag: distinct, ascending items, not ordered by time. */
  get isBag(): boolean {
    return this.#bag !== undefined && this.#bag.indices === this.item;
  }

  /** The rows `from` to `to` - 1, sharing memory. */
  slice(from: number, to: number): Histories {
    if (from === 0 && to === this.rows) return this;
    const { items, offsets, item, weight, time, type, group, current, at, context, person } = this;
    const [begin, end] = [offsets[from], offsets[to]];
    const starts = new Uint32Array(to - from + 1);
    for (let row = from; row <= to; row++) starts[row - from] = offsets[row] - begin;
    const columns = {
      rows: to - from,
      items,
      offsets: starts,
      item: item.subarray(begin, end),
      weight: weight.subarray(begin, end),
      time: time?.subarray(begin, end),
      type: type?.subarray(begin, end),
      group: group?.subarray(begin, end),
      current: current?.subarray(from, to),
      at: at?.subarray(from, to),
      context: context && takeFeatures(context, range(from, to)),
      person: person && takeFeatures(person, range(from, to)),
    };
    return this.#derived(columns);
  }

  /** A copy of the rows `which`, in that order. */
  take(which: Uint32Array): Histories {
    const { items, current, at, context, person } = this;
    const offsets = new Uint32Array(which.length + 1);
    for (let r = 0; r < which.length; r++) offsets[r + 1] = offsets[r] + this.offsets[which[r] + 1] - this.offsets[which[r]];
    const gather = <T extends Uint32Array | Float32Array | Float64Array | Uint8Array>(column: T): T => {
      const taken = new (column.constructor as new (length: number) => T)(offsets[which.length]);
      for (let r = 0; r < which.length; r++) taken.set(column.subarray(this.offsets[which[r]], this.offsets[which[r] + 1]), offsets[r]);
      return taken;
    };
    const [item, weight] = [gather(this.item), gather(this.weight)];
    const rows = context || person ? Int32Array.from(which) : undefined;
    const columns = {
      rows: which.length,
      items,
      offsets,
      item,
      weight,
      time: this.time && gather(this.time),
      type: this.type && gather(this.type),
      group: this.group && gather(this.group),
      current: current && Uint32Array.from(which, (row) => current[row]),
      at: at && Float64Array.from(which, (row) => at[row]),
      context: context && rows && takeFeatures(context, rows),
      person: person && rows && takeFeatures(person, rows),
    };
    return this.#derived(columns);
  }

  /** The same histories, queried at another moment. */
  askedAt(moment: Pick<HistoryColumns, "at" | "context" | "current">): Histories {
    const { rows, items, offsets, item, weight, time, type, group, current, at, context, person, repeats } = this;
    const columns = { rows, items, offsets, item, weight, time, type, group, current, at, context, person, ...moment };
    return new Histories(columns, repeats, this.#bag);
  }

  /** The histories for a model that knows only the first `items` items: entries on later items are dropped. */
  within(items: number): Histories {
    if (items === this.items) return this;
    const { rows, offsets, item, weight, time, type, group, current, at, context, person } = this;
    let known = 0;
    for (let e = 0; e < item.length; e++) if (item[e] < items) known++;
    const moment = { current, at, context, person };
    if (known === item.length) return this.#derived({ rows, items, offsets, item, weight, time, type, group, ...moment });
    const starts = new Uint32Array(rows + 1);
    const places = new Uint32Array(known);
    let end = 0;
    for (let row = 0; row < rows; row++) {
      for (let e = offsets[row]; e < offsets[row + 1]; e++) if (item[e] < items) places[end++] = e;
      starts[row + 1] = end;
    }
    const keep = <T extends Uint32Array | Float32Array | Float64Array | Uint8Array>(column: T): T => {
      const kept = new (column.constructor as new (length: number) => T)(known);
      for (let i = 0; i < known; i++) kept[i] = column[places[i]];
      return kept;
    };
    const columns = {
      ...{ rows, items, offsets: starts, item: keep(item), weight: keep(weight) },
      ...{ time: time && keep(time), type: type && keep(type), group: group && keep(group), ...moment },
    };
    return this.#derived(columns);
  }

  /** A subset of the entries in the same order, so a bag stays a bag. */
  #derived(columns: HistoryColumns): Histories {
    const { rows, items, offsets, item, weight } = columns;
    const bag = this.isBag ? { rows, columns: items, offsets, indices: item, values: weight } : undefined;
    return new Histories(columns, this.repeats, bag);
  }
}

function range(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, i) => from + i);
}
