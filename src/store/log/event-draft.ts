import { MOST_TYPES, type ValidEvent } from "../../data/events.ts";
import { RecoError } from "../../util/errors.ts";
import type { NewIds, Segment, TextColumn } from "../segment.ts";
import type { AppendResult } from "../store.ts";
import type { EventIndex } from "./event-index.ts";
import type { IdTable } from "./id-table.ts";
import { hashKey, KeySet } from "./key-set.ts";

/** A segment being prepared for a commit. It doesn't change the event index, so a failed commit leaves no trace. */
export class EventDraft {
  readonly #index: EventIndex;
  readonly #users: NewIdTable;
  readonly #items: NewIdTable;
  readonly #types: NewIdTable;
  #length = 0;
  #user = new Uint32Array(0);
  #item = new Uint32Array(0);
  #type = new Uint8Array(0);
  #value = new Float64Array(0);
  #time = new Float64Array(0);
  #keys: Uint32Array | undefined;
  readonly #newKeys = new KeySet();
  readonly #session = new TextDraft();
  readonly #context = new TextDraft();
  readonly #recommendation = new TextDraft();
  readonly #origin = new TextDraft();
  readonly #hash = new Uint32Array(2);

  constructor(index: EventIndex) {
    this.#index = index;
    this.#users = new NewIdTable(index.users);
    this.#items = new NewIdTable(index.items);
    this.#types = new NewIdTable(index.types);
  }

  /** The index of a user. Assigns a new one to an unknown id. */
  user(id: string): number {
    return this.#users.indexOf(id);
  }

  /** The index of an item. Assigns a new one to an unknown id. */
  item(id: string): number {
    return this.#items.indexOf(id);
  }

  hasItem(id: string): boolean {
    return this.#items.has(id);
  }

  /** Adds all events, or none. @throws RecoError `too-large` for more than 256 event types */
  add(events: readonly ValidEvent[]): AppendResult {
    this.#checkTypes(events);
    this.#reserve(events.length);
    const before = this.#length;
    for (const event of events) {
      const { key } = event;
      if (key !== undefined && !this.#isNew(key)) continue;
      const row = this.#length++;
      this.#user[row] = this.#users.indexOf(event.user);
      this.#item[row] = this.#items.indexOf(event.item);
      this.#type[row] = this.#types.indexOf(event.type);
      this.#value[row] = event.value ?? 1;
      this.#time[row] = event.time;
      if (event.session !== undefined) this.#session.set(row, event.session);
      if (event.context !== undefined) this.#context.set(row, JSON.stringify(event.context));
      if (event.recommendation !== undefined) this.#recommendation.set(row, event.recommendation);
    }
    const accepted = this.#length - before;
    return { accepted, duplicates: events.length - accepted };
  }

  /** Adds rows of the log once more, as events of another user. They keep their keys, which the first ones lose when they are removed. */
  copy(segment: Segment, rows: readonly number[], user: number, originOf: (origin: string | undefined) => string | undefined): void {
    this.#reserve(rows.length);
    for (const from of rows) {
      const row = this.#length++;
      this.#user[row] = user;
      for (const [column, values] of [
        [this.#item, segment.item],
        [this.#type, segment.type],
        [this.#value, segment.value],
        [this.#time, segment.time],
      ])
        column[row] = values[from];
      for (const [column, text] of [
        [this.#session, textAt(segment.session, from)],
        [this.#context, textAt(segment.context, from)],
        [this.#recommendation, textAt(segment.recommendation, from)],
        [this.#origin, originOf(textAt(segment.origin, from))],
      ] as const)
        if (text !== undefined) column.set(row, text);
      if (segment.keys === undefined || segment.keys[from * 2] === 0) continue;
      this.#keys ??= new Uint32Array(this.#user.length * 2);
      this.#keys.set(segment.keys.subarray(from * 2, from * 2 + 2), row * 2);
    }
  }

  /** The segment to write; undefined if it is empty. */
  segment(): Segment | undefined {
    const [users, items, types] = [this.#users.added(), this.#items.added(), this.#types.added()];
    const length = this.#length;
    if (length + users.ids.length + items.ids.length + types.ids.length === 0) return undefined;
    return {
      length,
      user: this.#user.subarray(0, length),
      item: this.#item.subarray(0, length),
      type: this.#type.subarray(0, length),
      value: this.#value.subarray(0, length),
      time: this.#time.subarray(0, length),
      users,
      items,
      types,
      session: this.#session.column(length),
      context: this.#context.column(length),
      recommendation: this.#recommendation.column(length),
      origin: this.#origin.column(length),
      keys: this.#keys?.subarray(0, length * 2),
      parts: undefined,
      firstSeen: undefined,
    };
  }

  #checkTypes(events: readonly ValidEvent[]): void {
    const more = new Set<string>();
    for (const { type } of events) if (!this.#types.has(type)) more.add(type);
    if (this.#types.size + more.size > MOST_TYPES)
      throw new RecoError("too-large", `A project has at most ${MOST_TYPES} event types. Put what differs into the context of events.`);
  }

  /** Records the key of the next row. Returns false if the key already exists. */
  #isNew(key: string): boolean {
    const hash = this.#hash;
    hashKey(key, hash, 0);
    if (this.#index.keys.has(hash[0], hash[1]) || !this.#newKeys.add(hash[0], hash[1])) return false;
    this.#keys ??= new Uint32Array(this.#user.length * 2);
    this.#keys.set(hash, this.#length * 2);
    return true;
  }

  #reserve(rows: number): void {
    const needed = this.#length + rows;
    if (needed <= this.#user.length) return;
    const room = Math.max(needed, this.#length * 2);
    this.#user = longer(this.#user, room);
    this.#item = longer(this.#item, room);
    this.#type = longer(this.#type, room);
    this.#value = longer(this.#value, room);
    this.#time = longer(this.#time, room);
    if (this.#keys !== undefined) this.#keys = longer(this.#keys, room * 2);
  }
}

/** Ids not yet in a table, with the indices they will get. */
class NewIdTable {
  readonly #known: IdTable;
  readonly #base: number;
  readonly #new = new Map<string, number>();

  constructor(known: IdTable) {
    this.#known = known;
    this.#base = known.size;
  }

  get size(): number {
    return this.#base + this.#new.size;
  }

  has(id: string): boolean {
    return this.#new.has(id) || this.#known.indexOf(id) >= 0;
  }

  indexOf(id: string): number {
    const known = this.#known.indexOf(id);
    if (known >= 0) return known;
    let index = this.#new.get(id);
    if (index === undefined) {
      index = this.size;
      this.#new.set(id, index);
    }
    return index;
  }

  added(): NewIds {
    return { base: this.#base, ids: [...this.#new.keys()] };
  }
}

/** The text of a row, if it has one. */
export function textAt(column: TextColumn | undefined, row: number): string | undefined {
  const code = column?.codes[row] ?? 0;
  return code === 0 ? undefined : column?.texts[code - 1];
}

/** A text column being built. */
class TextDraft {
  #codes = new Uint32Array(0);
  readonly #index = new Map<string, number>();

  set(row: number, text: string): void {
    let code = this.#index.get(text);
    if (code === undefined) {
      code = this.#index.size + 1;
      this.#index.set(text, code);
    }
    if (row >= this.#codes.length) this.#codes = longer(this.#codes, Math.max(64, row * 2));
    this.#codes[row] = code;
  }

  column(length: number): TextColumn | undefined {
    if (this.#index.size === 0) return undefined;
    return { codes: longer(this.#codes.subarray(0, length), length), texts: [...this.#index.keys()] };
  }
}

/** A longer copy, or the same array if it already has that length. */
function longer<A extends Uint8Array | Uint32Array | Float64Array>(array: A, length: number): A {
  if (array.length === length) return array;
  const copy = new (array.constructor as new (length: number) => A)(length);
  copy.set(array);
  return copy;
}
