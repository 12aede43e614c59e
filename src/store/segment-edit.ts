import { RecoError } from "../util/errors.ts";
import { type NewIds, type Parts, type Segment, type TextColumn, textColumns } from "./segment.ts";

/** A segment with its place in the log. */
export interface PlacedSegment {
  readonly sequence: number;
  readonly segment: Segment;
}

/** One segment that says what these say, which follow one on the other. @throws RecoError `bad-data` where they do not */
export function mergeSegments(placed: readonly PlacedSegment[]): Segment {
  const segments = placed.map(({ segment }) => segment);
  const length = segments.reduce((sum, segment) => sum + segment.length, 0);
  const column = <A extends Uint8Array | Uint32Array | Float32Array | Float64Array>(
    all: A,
    of: (segment: Segment) => A | undefined,
    width = 1,
  ) => {
    let offset = 0;
    for (const segment of segments) {
      const values = of(segment);
      if (values !== undefined) all.set(values, offset);
      offset += segment.length * width;
    }
    return all;
  };
  const texts = Object.fromEntries(textColumns.map((name) => [name, mergeTexts(segments, name, length)])) as TextColumns;
  return {
    length,
    user: column(new Uint32Array(length), (segment) => segment.user),
    item: column(new Uint32Array(length), (segment) => segment.item),
    type: column(new Uint8Array(length), (segment) => segment.type),
    value: column(new Float32Array(length), (segment) => segment.value),
    time: column(new Float64Array(length), (segment) => segment.time),
    users: mergeIds(segments.map((segment) => segment.users)),
    items: mergeIds(segments.map((segment) => segment.items)),
    types: mergeIds(segments.map((segment) => segment.types)),
    ...texts,
    keys: segments.some(({ keys }) => keys) ? column(new Uint32Array(length * 2), (segment) => segment.keys, 2) : undefined,
    parts: mergeParts(placed),
    firstSeen: earliest(segments.map((segment) => segment.firstSeen)),
  };
}

/**
 * A segment with the rows that `keep` says, and without the id of a user; undefined where nothing is left. It remembers when items were
 * seen in the rows that are gone.
 */
export function keepRows(segment: Segment, keep: (row: number) => boolean, erasedUser = -1): Segment | undefined {
  const rows = new Uint32Array(segment.length);
  const gone = new Uint32Array(segment.length);
  let length = 0;
  for (let row = 0; row < segment.length; row++) {
    if (keep(row)) rows[length++] = row;
    else gone[row - length] = row;
  }
  const kept = rows.subarray(0, length);
  const lost = gone.subarray(0, segment.length - length);
  const lastSeen = { item: lost.map((row) => segment.item[row]), time: Float64Array.from(lost, (row) => segment.time[row]) };
  const { users, items, types, keys, parts } = segment;
  const firstSeen = earliest([segment.firstSeen, lastSeen]);
  if (length + users.ids.length + items.ids.length + types.ids.length === 0 && firstSeen === undefined) return undefined;
  const texts = Object.fromEntries(textColumns.map((name) => [name, keepTexts(segment[name], kept)])) as TextColumns;
  return {
    length,
    user: kept.map((row) => segment.user[row]),
    item: kept.map((row) => segment.item[row]),
    type: Uint8Array.from(kept, (row) => segment.type[row]),
    value: Float32Array.from(kept, (row) => segment.value[row]),
    time: Float64Array.from(kept, (row) => segment.time[row]),
    users: { base: users.base, ids: users.ids.map((id, i) => (users.base + i === erasedUser ? null : id)) },
    items,
    types,
    ...texts,
    keys: keys && keepKeys(keys, kept),
    parts: parts && keepParts(parts, kept),
    firstSeen,
  };
}

type TextColumns = Pick<Segment, (typeof textColumns)[number]>;

function mergeIds(all: readonly NewIds[]): NewIds {
  const { base } = all[0];
  const ids: (string | null)[] = [];
  for (const next of all) {
    if (next.base !== base + ids.length)
      throw new RecoError(
        "bad-data",
        "Segments of the store do not follow one on the other: ids are missing between them. Restore a backup.",
      );
    for (const id of next.ids) ids.push(id);
  }
  return { base, ids };
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

function keepTexts(column: TextColumn | undefined, rows: Uint32Array): TextColumn | undefined {
  if (column === undefined) return undefined;
  const index = new Map<string, number>();
  const codes = rows.map((row) => (column.codes[row] === 0 ? 0 : codeOf(index, column.texts[column.codes[row] - 1])));
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

function keepKeys(keys: Uint32Array, rows: Uint32Array): Uint32Array {
  const kept = new Uint32Array(rows.length * 2);
  rows.forEach((row, i) => {
    kept[i * 2] = keys[row * 2];
    kept[i * 2 + 1] = keys[row * 2 + 1];
  });
  return kept;
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

function keepParts({ sequence, rows }: Parts, kept: Uint32Array): Parts {
  const left = new Uint32Array(rows.length);
  let part = 0;
  let end = rows[0];
  for (const row of kept) {
    while (row >= end) end += rows[++part];
    left[part]++;
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
