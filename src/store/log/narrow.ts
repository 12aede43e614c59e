import type { PackedColumn } from "./packed.ts";

/** Integers in the narrowest array type that fits; undefined if all are 0. */
export function narrow(values: Uint32Array | Uint8Array): Uint8Array | Uint16Array | Uint32Array | undefined {
  let all = 0;
  for (let i = 0; i < values.length; i++) all |= values[i];
  all >>>= 0;
  if (all === 0) return undefined;
  if (all <= 0xff) return values instanceof Uint8Array ? values : Uint8Array.from(values);
  return all <= 0xffff ? Uint16Array.from(values) : (values as Uint32Array);
}

/** Reverses {@link narrow}. Doesn't copy if nothing was narrowed. */
export function widen(column: PackedColumn | undefined, length: number): Uint32Array {
  if (column === undefined) return new Uint32Array(length);
  return column instanceof Uint32Array ? column : new Uint32Array(column);
}

/** Numbers in single precision if that is lossless, otherwise unchanged. */
export function narrowNumbers(values: Float64Array): Float32Array | Float64Array {
  for (let i = 0; i < values.length; i++) if (Math.fround(values[i]) !== values[i]) return values;
  return Float32Array.from(values);
}

/** Reverses {@link narrowNumbers}. Doesn't copy if nothing was narrowed. */
export function widenNumbers(column: PackedColumn): Float64Array {
  return column instanceof Float64Array ? column : new Float64Array(column);
}

/** Times as offsets from a base in a unit of milliseconds, or unchanged. */
export interface NarrowTimes {
  readonly column: PackedColumn;
  /** Omitted if the column holds the times themselves. */
  readonly base?: number;
  readonly unit?: number;
}

/** Stores finite times in 16 or 32 bits each if that is lossless: whole milliseconds within 49 days, or whole seconds within 136 years. */
export function narrowTimes(times: Float64Array): NarrowTimes {
  const { from, to } = range(times);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) return { column: times };
  let seconds = true;
  for (let i = 0; i < times.length; i++) {
    const offset = times[i] - from;
    if (!Number.isInteger(offset)) return { column: times };
    if (seconds && offset % 1000 !== 0) seconds = false;
  }
  const unit = seconds ? 1000 : 1;
  const widest = (to - from) / unit;
  if (widest > 0xffffffff) return { column: times };
  const column = widest <= 0xffff ? new Uint16Array(times.length) : new Uint32Array(times.length);
  for (let i = 0; i < times.length; i++) column[i] = (times[i] - from) / unit;
  return { column, base: from, unit };
}

/** Reverses {@link narrowTimes}. */
export function widenTimes({ column, base, unit }: NarrowTimes): Float64Array {
  if (base === undefined || unit === undefined) return column as Float64Array;
  const times = new Float64Array(column.length);
  for (let i = 0; i < times.length; i++) times[i] = base + column[i] * unit;
  return times;
}

/** The smallest and largest value; NaN if there are none. */
export function range(values: Float64Array): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < from) from = value;
    if (value > to) to = value;
  }
  return values.length === 0 ? { from: Number.NaN, to: Number.NaN } : { from, to };
}

/** Packs strings into a column of bytes. null means an erased entry. */
export function packTexts(texts: readonly (string | null)[]): Uint8Array | undefined {
  return texts.length === 0 ? undefined : new TextEncoder().encode(JSON.stringify(texts));
}

export function unpackTexts<T extends string | null = string>(column: PackedColumn | undefined): T[] {
  if (column === undefined) return [];
  return JSON.parse(Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString()) as T[];
}
