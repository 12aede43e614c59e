import { RecoError } from "../util/errors.ts";

/**
 * A feature of items, users or moments, one entry per index. A missing value is NaN in numbers, times, vectors and places, the code `MISSING`
 * in a category, no entries in several categories, and "" in text.
 */
export type FeatureColumn =
  | { readonly type: "number"; readonly values: Float64Array }
  /** Milliseconds since 1970 (UTC). */
  | { readonly type: "time"; readonly values: Float64Array }
  | { readonly type: "category"; readonly codes: Uint32Array; readonly names: readonly string[] }
  /** Several categories per entry, in compressed rows: entry i has codes[offsets[i]] … codes[offsets[i + 1] - 1]. */
  | { readonly type: "categories"; readonly offsets: Uint32Array; readonly codes: Uint32Array; readonly names: readonly string[] }
  | { readonly type: "text"; readonly values: readonly string[] }
  /** Row-major, `dimensions` numbers per entry. */
  | { readonly type: "vector"; readonly dimensions: number; readonly values: Float32Array }
  /** Degrees: latitude in [-90, 90], longitude in [-180, 180]. */
  | { readonly type: "place"; readonly latitude: Float64Array; readonly longitude: Float64Array };

/** Columns by name, of equal length. */
export type FeatureTable = Readonly<Record<string, FeatureColumn>>;

/** The code of a missing category. */
export const MISSING = 0xffffffff;

const NONE = -1;

/** The entries at `indices` of every column; a missing value for the index -1. */
export function takeFeatures(table: FeatureTable, indices: Int32Array): FeatureTable {
  return Object.fromEntries(Object.entries(table).map(([name, column]) => [name, takeColumn(column, indices)]));
}

/**
 * Stacks two tables with `above` and `below` entries. If one lacks a column, its entries are missing values.
 *
 * @throws RecoError `bad-input` if columns of the same name differ in type
 */
export function stackFeatures(top: FeatureTable, above: number, bottom: FeatureTable, below: number): FeatureTable {
  const table: Record<string, FeatureColumn> = {};
  for (const name of new Set([...Object.keys(top), ...Object.keys(bottom)])) {
    const like = top[name] ?? bottom[name];
    const first = top[name] ?? takeColumn(like, new Int32Array(above).fill(NONE));
    const second = bottom[name] ?? takeColumn(like, new Int32Array(below).fill(NONE));
    table[name] = stackColumns(name, first, second);
  }
  return table;
}

function takeColumn(column: FeatureColumn, indices: Int32Array): FeatureColumn {
  const floats = (values: Float64Array) => Float64Array.from(indices, (i) => (i === NONE ? Number.NaN : values[i]));
  switch (column.type) {
    case "number":
    case "time":
      return { type: column.type, values: floats(column.values) };
    case "text":
      return { type: "text", values: Array.from(indices, (i) => (i === NONE ? "" : column.values[i])) };
    case "category":
      return { ...column, codes: Uint32Array.from(indices, (i) => (i === NONE ? MISSING : column.codes[i])) };
    case "place":
      return { type: "place", latitude: floats(column.latitude), longitude: floats(column.longitude) };
    case "vector": {
      const { dimensions } = column;
      const values = new Float32Array(indices.length * dimensions).fill(Number.NaN);
      indices.forEach((i, to) => {
        if (i !== NONE) values.set(column.values.subarray(i * dimensions, (i + 1) * dimensions), to * dimensions);
      });
      return { type: "vector", dimensions, values };
    }
    case "categories": {
      const offsets = new Uint32Array(indices.length + 1);
      indices.forEach((i, to) => {
        offsets[to + 1] = offsets[to] + (i === NONE ? 0 : column.offsets[i + 1] - column.offsets[i]);
      });
      const codes = new Uint32Array(offsets[indices.length]);
      indices.forEach((i, to) => {
        if (i !== NONE) codes.set(column.codes.subarray(column.offsets[i], column.offsets[i + 1]), offsets[to]);
      });
      return { ...column, offsets, codes };
    }
  }
}

function stackColumns(name: string, a: FeatureColumn, b: FeatureColumn): FeatureColumn {
  if ((a.type === "number" && b.type === "number") || (a.type === "time" && b.type === "time"))
    return { type: a.type, values: stack(a.values, b.values) };
  if (a.type === "text" && b.type === "text") return { type: "text", values: [...a.values, ...b.values] };
  if (a.type === "place" && b.type === "place")
    return { type: "place", latitude: stack(a.latitude, b.latitude), longitude: stack(a.longitude, b.longitude) };
  if (a.type === "vector" && b.type === "vector" && a.dimensions === b.dimensions)
    return { type: "vector", dimensions: a.dimensions, values: stack(a.values, b.values) };
  if (a.type === "category" && b.type === "category") {
    const { names, codes } = commonNames(a.names, b);
    return { type: "category", names, codes: stack(a.codes, codes) };
  }
  if (a.type === "categories" && b.type === "categories") {
    const { names, codes } = commonNames(a.names, b);
    const shift = a.codes.length;
    return {
      type: "categories",
      names,
      codes: stack(a.codes, codes),
      offsets: stack(
        a.offsets,
        b.offsets.subarray(1).map((offset) => offset + shift),
      ),
    };
  }
  throw new RecoError("bad-input", `The feature "${name}" has two kinds: ${kind(a)} and ${kind(b)}. Rename one of them.`);
}

function kind(column: FeatureColumn): string {
  return column.type === "vector" ? `a vector of ${column.dimensions}` : column.type;
}

/** `names`, extended by those of `other`, and the codes of `other` in the extended list. */
function commonNames(names: readonly string[], other: { readonly names: readonly string[]; readonly codes: Uint32Array }) {
  const index = new Map(names.map((name, code) => [name, code]));
  const recoded = other.names.map((name) => {
    if (!index.has(name)) index.set(name, index.size);
    return index.get(name) as number;
  });
  return { names: [...index.keys()], codes: other.codes.map((code) => (code === MISSING ? MISSING : recoded[code])) };
}

function stack<T extends Float64Array | Float32Array | Uint32Array>(a: T, b: T): T {
  const both = new (a.constructor as new (length: number) => T)(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
