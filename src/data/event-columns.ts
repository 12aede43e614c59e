/** Events of one user as columns of `length` entries. */
export interface UserEvents {
  readonly length: number;
  /** Item indices. */
  readonly item: Uint32Array;
  /** Indices into the names of event types. */
  readonly type: Uint8Array;
  readonly value: Float64Array;
  /** Milliseconds since 1970, NaN where unknown. */
  readonly time: Float64Array;
}

/** When a user last had an event of each type with each item, in no particular order, as columns of `length` entries. */
export type ItemTypeTimes = Pick<UserEvents, "length" | "item" | "type" | "time">;

/** Events of many users as columns of `length` entries. */
export interface EventColumns extends UserEvents {
  /** User indices. */
  readonly user: Uint32Array;
}

/** Columns with room for this many events, filled with 0. */
export function allocateEvents(length: number): EventColumns {
  return Object.assign(allocateUserEvents(length), { user: new Uint32Array(length) });
}

/** The same for events of one user. */
export function allocateUserEvents(length: number): UserEvents {
  return {
    length,
    item: new Uint32Array(length),
    type: new Uint8Array(length),
    value: new Float64Array(length),
    time: new Float64Array(length),
  };
}

/** The events of rows `from` to `to` (exclusive), without copying. */
export function sliceEvents(events: EventColumns, from: number, to?: number): EventColumns;
export function sliceEvents(events: UserEvents, from: number, to?: number): UserEvents;
export function sliceEvents(events: UserEvents & { readonly user?: Uint32Array }, from: number, to = events.length): UserEvents {
  const end = Math.min(to, events.length);
  const slice: UserEvents = {
    length: Math.max(0, end - from),
    item: events.item.subarray(from, end),
    type: events.type.subarray(from, end),
    value: events.value.subarray(from, end),
    time: events.time.subarray(from, end),
  };
  const { user } = events;
  return user === undefined ? slice : Object.assign(slice, { user: user.subarray(from, end) });
}

/** Copies events into columns with enough room, from row `at` on. */
export function copyEvents(events: EventColumns, target: EventColumns, at: number): void {
  copyUserEvents(events, target, at);
  target.user.set(columnOf(events.user, events.length), at);
}

/** The events of all parts, one after another, in new columns. */
export function concatEvents(parts: readonly EventColumns[]): EventColumns {
  const all = allocateEvents(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    copyEvents(part, all, at);
    at += part.length;
  }
  return all;
}

/** The same for events of one user. */
export function concatUserEvents(parts: readonly UserEvents[]): UserEvents {
  const all = allocateUserEvents(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    copyUserEvents(part, all, at);
    at += part.length;
  }
  return all;
}

/** The events of these rows, in this order, in new columns. */
export function gatherEvents({ user, item, type, value, time }: EventColumns, rows: Uint32Array): EventColumns {
  const gathered = allocateEvents(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    gathered.user[i] = user[row];
    gathered.item[i] = item[row];
    gathered.type[i] = type[row];
    gathered.value[i] = value[row];
    gathered.time[i] = time[row];
  }
  return gathered;
}

function copyUserEvents({ length, item, type, value, time }: UserEvents, target: UserEvents, at: number): void {
  target.item.set(columnOf(item, length), at);
  target.type.set(columnOf(type, length), at);
  target.value.set(columnOf(value, length), at);
  target.time.set(columnOf(time, length), at);
}

/** Columns may be longer than the number of events. */
function columnOf<A extends Uint32Array | Uint8Array | Float64Array>(column: A, length: number): A {
  return column.length === length ? column : (column.subarray(0, length) as A);
}

function lengthOf(parts: readonly UserEvents[]): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
}
