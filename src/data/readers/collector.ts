import { RecoError } from "../../util/errors.ts";
import type { Interactions } from "../interactions.ts";
import { isMissing, isMissingBytes } from "../missing-words.ts";
import { dateAdvice, parseDate } from "../moment-text.ts";
import { Vocabulary } from "../vocabulary.ts";
import { type BadRows, shown } from "./bad-rows.ts";
import type { Batch } from "./batch.ts";
import { type ColumnChoices, hasMoments, type Role } from "./columns.ts";
import { type Decimal, decimalOf, hasComma, parseWithDecimal } from "./decimal-comma.ts";
import { grown, IdEncoder, type IdTable } from "./id-encoder.ts";
import { Groups, Moments } from "./moments.ts";
import { parseNumber, parseNumberText } from "./numbers.ts";
import { parseDateBytes, type TimeUnit, timeUnitOf, toMilliseconds } from "./times.ts";

/** The vocabularies and columns that {@link Collector.finish} returns. */
export interface Collected {
  readonly users: Vocabulary;
  readonly items: Vocabulary;
  readonly interactions: Interactions;
  readonly eventTypes: readonly string[];
  /** The unit of the time column, or text; omitted without times. */
  readonly timeUnit?: TimeUnit | "date";
}

/** The valid rows of one part of a file, with their own ids: how workers return what they have read. Columns may be longer. */
export interface CollectedPart {
  readonly size: number;
  readonly users: IdTable;
  readonly items: IdTable;
  readonly types: IdTable;
  readonly user: Uint32Array<ArrayBuffer>;
  readonly item: Uint32Array<ArrayBuffer>;
  readonly weight: Float64Array<ArrayBuffer>;
  readonly time: Float64Array<ArrayBuffer>;
  readonly type: Uint32Array<ArrayBuffer>;
  readonly timeForm: "number" | "date" | undefined;
}

/** Gathers interactions, from bytes or from values, in growing columns. Unusable rows go to the list of bad rows. */
export class Collector {
  readonly bad: BadRows;
  /** The columns besides the roles; undefined if none was asked for. */
  moments: Moments | undefined;
  /** Rows accepted. */
  size = 0;
  private readonly users = new IdEncoder("user");
  private readonly items = new IdEncoder("item");
  private readonly types = new IdEncoder("event type");
  private user: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  private item: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  private weight: Float64Array<ArrayBuffer> = new Float64Array(0);
  private time: Float64Array<ArrayBuffer> = new Float64Array(0);
  private type: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  private timeForm: "number" | "date" | undefined;
  private decimal: Decimal | undefined;
  private weights = new Float64Array(0);
  private times = new Float64Array(0);
  private readonly groups: Groups;
  private chosen: ColumnChoices | undefined;

  private readonly readTime: ((text: string) => number) | undefined;

  /** @param readTime reads times of a given form; all are then dates */
  constructor(bad: BadRows, groups = new Groups(), readTime?: (text: string) => number) {
    this.bad = bad;
    this.groups = groups;
    this.readTime = readTime;
  }

  /** Set by the first file, and shared by all. */
  get choices(): ColumnChoices | undefined {
    return this.chosen;
  }

  set choices(choices: ColumnChoices | undefined) {
    this.chosen = choices;
    this.moments = choices && hasMoments(choices) ? new Moments(choices, this.groups) : undefined;
  }

  /** Rows read, good and bad. */
  get rows(): number {
    return this.size + this.bad.count;
  }

  /** Reserves room for this many rows in total. */
  reserve(rows: number): void {
    if (rows <= this.user.length) return;
    const { weight, time, type } = this.choices ?? {};
    this.user = grown(this.user, rows);
    this.item = grown(this.item, rows);
    if (weight) this.weight = grown(this.weight, rows);
    if (time) this.time = grown(this.time, rows);
    if (type) this.type = grown(this.type, rows);
    this.moments?.reserve(rows);
  }

  /** Takes the rows of a batch whose bytes are valid UTF-8. Removes bad rows from the batch. */
  addBatch(bytes: Uint8Array, batch: Batch, file: string): void {
    if (this.size + batch.count > this.user.length) this.reserve(Math.max(this.size + batch.count, Math.ceil(1.5 * this.user.length)));
    const { weight, time, type } = this.choices as ColumnChoices;
    if (this.weights.length < batch.lines.length) {
      this.weights = new Float64Array(batch.lines.length);
      this.times = new Float64Array(batch.lines.length);
    }
    if (weight) this.readWeights(bytes, batch);
    if (time) this.readTimes(bytes, batch);
    this.dropBad(bytes, batch, file);
    const { starts, ends, count } = batch;
    const to = this.size + count;
    this.users.encodeBatch(bytes, starts.user, ends.user, count, this.user.subarray(this.size, to));
    this.items.encodeBatch(bytes, starts.item, ends.item, count, this.item.subarray(this.size, to));
    if (weight) this.weight.set(this.weights.subarray(0, count), this.size);
    if (time) this.time.set(this.times.subarray(0, count), this.size);
    if (type) this.types.encodeBatch(bytes, starts.type, ends.type, count, this.type.subarray(this.size, to));
    this.moments?.addBatch(bytes, batch, this.size);
    this.size = to;
    this.checkTypes();
  }

  /** Takes one row of values (null or undefined if missing), with those of the columns of `moments`. */
  addValues(values: Partial<Record<Role, unknown>>, file: string, line: number, moments: readonly unknown[] = []): void {
    const { weight, time, type } = this.choices as ColumnChoices;
    const { user, item } = values;
    const spoilt = (reason: string) => this.bad.add(file, line, reason);
    if (!isId(user)) return spoilt(badId("user", user));
    if (!isId(item)) return spoilt(badId("item", item));
    const w = weight && !isNone(values.weight) ? toNumber(values.weight) : 1;
    if (Number.isNaN(w)) return spoilt(badWeight(text(values.weight)));
    const noTime = isNone(values.time);
    const t = time && !noTime ? this.toTime(values.time) : Number.NaN;
    if (time && !noTime && Number.isNaN(t)) return spoilt(badTime(text(values.time)));
    if (type && !isId(values.type)) return spoilt(badId("event type", values.type));
    const flaw = this.moments?.flaw(moments);
    if (flaw !== undefined) return spoilt(flaw);
    if (this.size === this.user.length) this.reserve(Math.max(1024, Math.ceil(1.5 * this.size)));
    this.user[this.size] = this.users.encodeValue(user);
    this.item[this.size] = this.items.encodeValue(item);
    if (weight) this.weight[this.size] = w;
    if (time) this.time[this.size] = t;
    if (type) this.type[this.size] = this.types.encodeValue(values.type as string);
    this.moments?.addValues(moments, this.size);
    this.size++;
    this.checkTypes();
  }

  /** Whether parts can be added one after another as if their rows had come in one piece: they write times the same way. */
  accepts(parts: readonly CollectedPart[]): boolean {
    const forms = new Set([this.timeForm, ...parts.map(({ timeForm }) => timeForm)]);
    forms.delete(undefined);
    return forms.size <= 1;
  }

  /** Adds the rows of a part that comes next. */
  absorb(part: CollectedPart): void {
    const { size } = part;
    this.reserve(this.size + size);
    recode(part.user, size, this.users.absorb(part.users), this.user, this.size);
    recode(part.item, size, this.items.absorb(part.items), this.item, this.size);
    if (part.type.length > 0) recode(part.type, size, this.types.absorb(part.types), this.type, this.size);
    if (part.weight.length > 0) this.weight.set(part.weight.subarray(0, size), this.size);
    if (part.time.length > 0) this.time.set(part.time.subarray(0, size), this.size);
    this.timeForm ??= part.timeForm;
    this.size += size;
    this.checkTypes();
  }

  /** The columns, trimmed to size. */
  finish(): Collected {
    const { weight, time, type } = this.choices ?? {};
    const n = this.size;
    let timeUnit: TimeUnit | "date" | undefined;
    const times = this.time.slice(0, time ? n : 0);
    // Drop a time column in which every value is empty.
    const timed = this.timeForm !== undefined;
    if (timed) {
      timeUnit = this.timeForm === "date" ? "date" : timeUnitOf(largest(times));
      if (timeUnit !== "date") toMilliseconds(times, timeUnit);
    }
    return {
      users: new Vocabulary("user", this.users.ids()),
      items: new Vocabulary("item", this.items.ids()),
      interactions: {
        user: this.user.slice(0, n),
        item: this.item.slice(0, n),
        ...(weight && { weight: this.weight.slice(0, n) }),
        ...(timed && { time: times }),
        ...(type && { type: Uint8Array.from(this.type.subarray(0, n)) }),
        ...this.moments?.finish(n),
      },
      eventTypes: type ? this.types.ids().map(String) : [],
      ...(timeUnit && { timeUnit }),
    };
  }

  /** A missing weight is 1. Decimal commas and separators of thousands are read once the column has shown which is which. */
  private readWeights(bytes: Uint8Array, { starts, ends, count }: Batch): void {
    const { weights } = this;
    numbers(bytes, starts.weight, ends.weight, count, weights);
    const open: number[] = [];
    for (let r = 0; r < count; r++)
      if (Number.isNaN(weights[r])) {
        if (isMissingBytes(bytes, starts.weight[r], ends.weight[r])) weights[r] = 1;
        else open.push(r);
      }
    const textOf = (r: number) => decode(bytes, starts.weight[r], ends.weight[r]).trim();
    if (this.decimal === undefined && open.some((r) => hasComma(textOf(r)))) {
      // Decimals read before were behind points.
      const pointed = this.weight.subarray(0, this.size).some((weight) => !Number.isInteger(weight));
      const texts = Array.from({ length: count }, (_, r) => textOf(r));
      this.decimal = decimalOf(pointed ? ["0.5", ...texts] : texts);
    }
    const { decimal } = this;
    if (decimal === ",") for (let r = 0; r < count; r++) weights[r] = this.reread(textOf(r), weights[r], decimal);
    else if (decimal === ".") for (const r of open) weights[r] = this.reread(textOf(r), weights[r], decimal);
  }

  private reread(text: string, weight: number, decimal: Decimal): number {
    return isMissing(text) ? 1 : /[.,]/.test(text) ? parseWithDecimal(text, decimal) : weight;
  }

  private readTimes(bytes: Uint8Array, batch: Batch): void {
    const { starts, ends, count } = batch;
    if (this.readTime !== undefined) {
      for (let r = 0; r < count; r++) this.times[r] = this.toTime(decode(bytes, starts.time[r], ends.time[r]));
      return;
    }
    if (this.timeForm !== "date") numbers(bytes, starts.time, ends.time, count, this.times);
    for (let r = 0; r < count && this.timeForm !== "number"; r++) {
      if (this.timeForm === undefined && !Number.isNaN(this.times[r])) this.timeForm = "number";
      else if (this.timeForm === "date") this.times[r] = parseDateBytes(bytes, starts.time[r], ends.time[r]);
      else this.times[r] = this.toTime(decode(bytes, starts.time[r], ends.time[r]));
    }
  }

  /** The first readable time decides whether the column contains numbers or dates; from then on the other form is an error. */
  private toTime(value: unknown): number {
    if (value instanceof Date) value = value.toISOString();
    if (this.readTime !== undefined) {
      const time = this.readTime(String(value));
      if (!Number.isNaN(time)) this.timeForm = "date";
      return time;
    }
    const number = toNumber(value);
    const date = Number.isNaN(number) && typeof value === "string" ? parseDate(value) : Number.NaN;
    if (this.timeForm === undefined && !(Number.isNaN(number) && Number.isNaN(date)))
      this.timeForm = Number.isNaN(number) ? "date" : "number";
    return this.timeForm === "date" ? date : number;
  }

  private dropBad(bytes: Uint8Array, batch: Batch, file: string): void {
    const { starts, ends, lines, count } = batch;
    const { weight, time, type } = this.choices as ColumnChoices;
    const { weights, times } = this;
    let kept = 0;
    for (let r = 0; r < count; r++) {
      const missing = (role: Role) => isMissingBytes(bytes, starts[role][r], ends[role][r]);
      const empty = missing("user") || missing("item") || (type && missing("type"));
      const unread = (weight && Number.isNaN(weights[r])) || (time && Number.isNaN(times[r]) && !missing("time"));
      if (empty || unread) {
        const value = (role: Role) => decode(bytes, starts[role][r], ends[role][r]);
        if (!this.bad.wanted) this.bad.add("", 0, "");
        else if (!empty)
          this.bad.add(file, lines[r], weight && Number.isNaN(weights[r]) ? badWeight(value("weight")) : badTime(value("time")));
        else {
          const role = missing("user") ? "user" : missing("item") ? "item" : "type";
          this.bad.add(file, lines[r], badId(role === "type" ? "event type" : role, value(role)));
        }
        continue;
      }
      if (kept !== r) {
        for (const role of ["user", "item", "type"] as const) {
          starts[role][kept] = starts[role][r];
          ends[role][kept] = ends[role][r];
        }
        for (const column of batch.moments) {
          column.starts[kept] = column.starts[r];
          column.ends[kept] = column.ends[r];
        }
      }
      weights[kept] = weights[r];
      times[kept] = times[r];
      kept++;
    }
    batch.count = kept;
  }

  private checkTypes(): void {
    const { type } = this.choices as ColumnChoices;
    if (this.types.size > 256)
      throw new RecoError(
        "bad-data",
        `Column "${type?.name}" has more than 256 event types. If it is something else, pass the option type: false (--type none).`,
      );
  }
}

function recode(codes: Uint32Array, count: number, indices: Uint32Array, out: Uint32Array, at: number): void {
  for (let i = 0; i < count; i++) out[at + i] = indices[codes[i]];
}

function numbers(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, count: number, out: Float64Array): void {
  for (let r = 0; r < count; r++) out[r] = parseNumber(bytes, starts[r], ends[r]);
}

function largest(values: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most;
}

function isId(value: unknown): value is string | number | bigint {
  return (
    (typeof value === "string" && !isMissing(value)) || typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value))
  );
}

/** Whether the value of a column of numbers or times is missing. */
function isNone(value: unknown): boolean {
  return value === undefined || value === null || Number.isNaN(value) || (typeof value === "string" && isMissing(value.trim()));
}

function toNumber(value: unknown): number {
  const number =
    typeof value === "string"
      ? parseNumberText(value)
      : typeof value === "number" || typeof value === "bigint"
        ? Number(value)
        : Number.NaN;
  return Number.isFinite(number) ? number : Number.NaN;
}

function text(value: unknown): string {
  return value === null || value === undefined ? "" : typeof value === "string" ? value : String(value);
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, end));
}

function badId(kind: string, value: unknown): string {
  if (value === "" || value === null || value === undefined) return `no ${kind}`;
  if (typeof value === "string" && isMissing(value)) return `no ${kind}: ${shown(value)} stands for a missing value`;
  return `the ${kind} ${shown(text(value))} is not a valid id`;
}

function badWeight(value: string): string {
  if (!hasComma(value.trim())) return `the weight ${shown(value)} is not a number`;
  return `the weight ${shown(value)} can't be read, because the column doesn't tell whether its comma is a decimal comma`;
}

const DAY_FIRST = /^\d{1,2}[-./]\s?\d{1,2}[-./]\s?(?:\d{4}|\d{2})\b/;

function badTime(value: string): string {
  const named = DAY_FIRST.test(value.trim()) ? ', or name the form with timeFormat: "DD.MM.YYYY" (--time-format DD.MM.YYYY)' : "";
  return `the time ${shown(value)} can't be read: ${dateAdvice(value)}${named}`;
}
