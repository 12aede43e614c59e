import { concatEvents } from "../../data/event-columns.ts";
import { RecoError } from "../../util/errors.ts";
import { type NewIds, type Parts, type Segment, type TextColumn, textColumns } from "../segment.ts";

/** A segment and its place in the log. */
export interface PlacedSegment {
  readonly sequence: number;
  readonly segment: Segment;
}

/** Merges consecutive segments into an equivalent one. @throws RecoError `bad-data` if they aren't consecutive */
export function mergeSegments(placed: readonly PlacedSegment[]): Segment {
  const segments = placed.map(({ segment }) => segment);
  const events = concatEvents(segments);
  const { length } = events;
  const texts = Object.fromEntries(textColumns.map((name) => [name, mergeTexts(segments, name, length)])) as TextColumns;
  return {
    ...events,
    users: mergeIds(segments.map((segment) => segment.users)),
    items: mergeIds(segments.map((segment) => segment.items)),
    types: mergeIds(segments.map((segment) => segment.types)),
    ...texts,
    keys: mergeKeys(segments, length),
    parts: mergeParts(placed),
    firstSeen: earliest(segments.map((segment) => segment.firstSeen)),
  };
}

/**
 * Removes rows (in ascending order) and a user's id from a segment; returns undefined if nothing is left. Keeps the first-seen times of
 * items in the removed rows.
 */
export function withoutRows(segment: Segment, gone: readonly number[], erasedUser = -1): Segment | undefined {
  const length = segment.length - gone.length;
  const { users, items, types, keys, parts } = segment;
  const lastSeen = { item: Uint32Array.from(gone, (row) => segment.item[row]), time: Float64Array.from(gone, (row) => segment.time[row]) };
  const firstSeen = earliest([segment.firstSeen, lastSeen]);
  if (length + users.ids.length + items.ids.length + types.ids.length === 0 && firstSeen === undefined) return undefined;
  const left = <A extends Column>(column: A, width = 1) => without(column, gone, width);
  const texts = Object.fromEntries(textColumns.map((name) => [name, leftTexts(segment[name], left)])) as TextColumns;
  return {
    length,
    user: left(segment.user),
    item: left(segment.item),
    type: left(segment.type),
    value: left(segment.value),
    time: left(segment.time),
    users: { base: users.base, ids: users.ids.map((id, i) => (users.base + i === erasedUser ? null : id)) },
    items,
    types,
    ...texts,
    keys: keys && left(keys, 2),
    parts: parts && leftParts(parts, gone),
    firstSeen,
  };
}

type Column = Uint8Array | Uint32Array | Float64Array;

/** A column without some rows: copies the ranges between them. */
function without<A extends Column>(column: A, gone: readonly number[], width: number): A {
  const left = new (column.constructor as new (length: number) => A)(column.length - gone.length * width);
  let from = 0;
  let to = 0;
  for (let i = 0; i <= gone.length; i++) {
    const end = i < gone.length ? gone[i] * width : column.length;
    if (end > from) left.set(column.subarray(from, end), to);
    to += end - from;
    from = end + width;
  }
  return left;
}

type TextColumns = Pick<Segment, (typeof textColumns)[number]>;

function mergeIds(all: readonly NewIds[]): NewIds {
  const { base } = all[0];
  const ids: (string | null)[] = [];
  for (const next of all) {
    if (next.base !== base + ids.length)
      throw new RecoError("bad-data", "Segments in the store are not consecutive: ids are missing between them. Restore from a backup.");
    for (const id of next.ids) ids.push(id);
  }
  return { base, ids };
}

function mergeKeys(segments: readonly Segment[], length: number): Uint32Array | undefined {
  if (!segments.some(({ keys }) => keys)) return undefined;
  const all = new Uint32Array(length * 2);
  let offset = 0;
  for (const { keys, length } of segments) {
    if (keys !== undefined) all.set(keys, offset);
    offset += length * 2;
  }
  return all;
}

function mergeTexts(segments: readonly Segment[], name: keyof TextColumns, length: number): TextColumn | undefined {
  const codes = new Uint32Array(length);
  const index = new Map<string, number>();
  let offset = 0;
  for (const segment of segments) {
    const column = segment[name];
    if (column !== undefined) {
      const recoded = column.texts.map((text) => codeOf(index, text));
      for (let i = 0; i < segment.length; i++) if (column.codes[i] > 0) codes[offset + i] = recoded[column.codes[i] - 1];
    }
    offset += segment.length;
  }
  return index.size === 0 ? undefined : { codes, texts: [...index.keys()] };
}

/** Drops texts that no row uses anymore. */
function leftTexts(column: TextColumn | undefined, left: (codes: Uint32Array) => Uint32Array): TextColumn | undefined {
  if (column === undefined) return undefined;
  const index = new Map<string, number>();
  const codes = left(column.codes).map((code) => (code === 0 ? 0 : codeOf(index, column.texts[code - 1])));
  return index.size === 0 ? undefined : { codes, texts: [...index.keys()] };
}

function codeOf(index: Map<string, number>, text: string): number {
  let code = index.get(text);
  if (code === undefined) {
    code = index.size + 1;
    index.set(text, code);
  }
  return code;
}

function mergeParts(placed: readonly PlacedSegment[]): Parts {
  const sequence: number[] = [];
  const rows: number[] = [];
  for (const { sequence: place, segment } of placed) {
    const { parts } = segment;
    if (parts === undefined) {
      sequence.push(place);
      rows.push(segment.length);
    } else
      for (let i = 0; i < parts.sequence.length; i++) {
        sequence.push(parts.sequence[i]);
        rows.push(parts.rows[i]);
      }
  }
  return { sequence: Float64Array.from(sequence), rows: Uint32Array.from(rows) };
}

function leftParts({ sequence, rows }: Parts, gone: readonly number[]): Parts {
  const left = rows.slice();
  let part = 0;
  let end = rows[0];
  for (const row of gone) {
    while (row >= end) end += rows[++part];
    left[part]--;
  }
  return { sequence, rows: left };
}

/** The earliest time of each item. */
function earliest(all: readonly Segment["firstSeen"][]): Segment["firstSeen"] {
  const times = new Map<number, number>();
  for (const seen of all)
    seen?.item.forEach((item, i) => {
      const before = times.get(item);
      if (before === undefined || seen.time[i] < before) times.set(item, seen.time[i]);
    });
  return times.size === 0 ? undefined : { item: Uint32Array.from(times.keys()), time: Float64Array.from(times.values()) };
}
