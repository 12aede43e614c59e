import type { EventColumns } from "../data/event-columns.ts";
import { narrow, narrowNumbers, narrowTimes, packTexts, range, unpackTexts, widen, widenNumbers, widenTimes } from "./log/narrow.ts";
import { type Packed, type PackedColumn, pack, unpack } from "./log/packed.ts";

/** New ids in a segment (users, items or event types), with the index of the first. null if one was erased. */
export interface NewIds {
  readonly base: number;
  readonly ids: readonly (string | null)[];
}

/** A sparse text column: row i has `texts[codes[i] - 1]`, or none if the code is 0. */
export interface TextColumn {
  readonly codes: Uint32Array;
  readonly texts: readonly string[];
}

/** Optional text columns. */
export const textColumns = ["session", "context", "recommendation", "origin"] as const;

/**
 * A block of the event log. Indices refer to the whole log: reading the segments in order, with the new ids of each, gives every id its
 * index. A segment without rows only adds ids.
 */
export interface Segment extends EventColumns {
  readonly users: NewIds;
  readonly items: NewIds;
  readonly types: NewIds;
  readonly session: TextColumn | undefined;
  /** Texts are JSON. */
  readonly context: TextColumn | undefined;
  readonly recommendation: TextColumn | undefined;
  /** Ids of the users who had the event before they were merged into others, the last one first, one a line. */
  readonly origin: TextColumn | undefined;
  /** 64-bit hashes of idempotency keys, alternating low and high halves; both 0 for an event without a key. */
  readonly keys: Uint32Array | undefined;
  /** The commits in a merged segment, with the rows of each; undefined for a single commit. */
  readonly parts: Parts | undefined;
  /** When items were first seen in events that have since been removed. */
  readonly firstSeen: { readonly item: Uint32Array; readonly time: Float64Array } | undefined;
}

export interface Parts {
  readonly sequence: Float64Array;
  readonly rows: Uint32Array;
}

interface Header {
  readonly rows: number;
  readonly bases: readonly [users: number, items: number, types: number];
  /** Base and unit of times; omitted if times are stored unchanged. */
  readonly times: { readonly base?: number; readonly unit?: number };
  /** Times of the earliest and latest row; null if there are no rows. */
  readonly from: number | null;
  readonly to: number | null;
}

const KIND = "events 1";

/** Packs a segment, each column as narrow as its values allow. */
export function writeSegment(segment: Segment): Uint8Array {
  const { length, users, items, types, parts, firstSeen } = segment;
  const { column: time, ...times } = narrowTimes(segment.time);
  const header: Header = { rows: length, bases: [users.base, items.base, types.base], times, ...range(segment.time) };
  const columns: Record<string, PackedColumn | undefined> = {
    user: narrow(segment.user),
    item: narrow(segment.item),
    type: narrow(segment.type),
    value: segment.value.every((value) => value === 1) ? undefined : narrowNumbers(segment.value),
    time,
    keys: segment.keys,
    userIds: packTexts(users.ids),
    itemIds: packTexts(items.ids),
    typeIds: packTexts(types.ids),
    partSequence: parts?.sequence,
    partRows: parts?.rows,
    firstSeenItem: firstSeen?.item,
    firstSeenTime: firstSeen?.time,
  };
  for (const name of textColumns) {
    const column = segment[name];
    if (column === undefined) continue;
    columns[name] = narrow(column.codes);
    columns[`${name}Texts`] = packTexts(column.texts);
  }
  return pack(KIND, header, columns);
}

/**
 * Reads a packed segment, in any thread. Ids and texts are unpacked on first access, so reading only columns costs nothing extra.
 *
 * @throws RecoError `bad-data` if it is damaged
 */
export function readSegment(bytes: Uint8Array): Segment {
  return new PackedSegment(unpack<Header>(KIND, bytes));
}

/** The number of rows in a packed segment and the times of the earliest and latest, without reading the columns. */
export function describeSegment(bytes: Uint8Array): { rows: number; from: number; to: number } {
  const { rows, from, to } = unpack<Header>(KIND, bytes).header;
  return { rows, from: from ?? Number.NaN, to: to ?? Number.NaN };
}

class PackedSegment implements Segment {
  readonly length: number;
  readonly user: Uint32Array;
  readonly item: Uint32Array;
  readonly type: Uint8Array;
  readonly value: Float64Array;
  readonly time: Float64Array;
  readonly keys: Uint32Array | undefined;
  readonly parts: Parts | undefined;
  readonly firstSeen: Segment["firstSeen"];
  readonly #packed: Packed<Header>;

  constructor(packed: Packed<Header>) {
    const { header, columns } = packed;
    const { rows } = header;
    this.#packed = packed;
    this.length = rows;
    this.user = widen(columns.user, rows);
    this.item = widen(columns.item, rows);
    this.type = (columns.type as Uint8Array | undefined) ?? new Uint8Array(rows);
    this.value = columns.value === undefined ? new Float64Array(rows).fill(1) : widenNumbers(columns.value);
    this.time = widenTimes({ column: columns.time as PackedColumn, ...header.times });
    this.keys = columns.keys as Uint32Array | undefined;
    const { partSequence, partRows, firstSeenItem, firstSeenTime } = columns;
    this.parts = partSequence && { sequence: partSequence as Float64Array, rows: partRows as Uint32Array };
    this.firstSeen = firstSeenItem && { item: firstSeenItem as Uint32Array, time: firstSeenTime as Float64Array };
  }

  get users(): NewIds {
    return this.#newIds(0, "userIds");
  }

  get items(): NewIds {
    return this.#newIds(1, "itemIds");
  }

  get types(): NewIds {
    return this.#newIds(2, "typeIds");
  }

  get session(): TextColumn | undefined {
    return this.#texts("session");
  }

  get context(): TextColumn | undefined {
    return this.#texts("context");
  }

  get recommendation(): TextColumn | undefined {
    return this.#texts("recommendation");
  }

  get origin(): TextColumn | undefined {
    return this.#texts("origin");
  }

  #newIds(place: number, name: string): NewIds {
    return { base: this.#packed.header.bases[place], ids: unpackTexts<string | null>(this.#packed.columns[name]) };
  }

  #texts(name: (typeof textColumns)[number]): TextColumn | undefined {
    const texts = this.#packed.columns[`${name}Texts`];
    return texts && { codes: widen(this.#packed.columns[name], this.length), texts: unpackTexts(texts) };
  }
}
