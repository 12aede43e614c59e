import type { PropertyValue } from "../../data/entities.ts";
import { type FeatureColumn, MISSING } from "../../data/features.ts";
import { type PropertyRule, timeOf } from "./schema.ts";

/** A feature column that is filled entry by entry. */
export interface GrowingColumn {
  /** Makes room. New entries are missing values. */
  reserve(entries: number): void;
  /** Writes an entry; undefined and null mean missing. The value must match the type. */
  put(index: number, value: PropertyValue | undefined): void;
  /** The current column; the same object until its arrays change. */
  column(): FeatureColumn;
}

export function createColumn({ type, dimensions }: PropertyRule): GrowingColumn {
  switch (type) {
    case "number":
      return numberColumn("number", (value) => value as number);
    case "boolean":
      return numberColumn("number", Number);
    case "time":
      return numberColumn("time", timeOf);
    case "category":
      return categoryColumn();
    case "categories":
      return categoriesColumn();
    case "text":
      return textColumn();
    case "vector":
      return vectorColumn(dimensions ?? 0);
    case "place":
      return placeColumn();
  }
}

function numberColumn(type: "number" | "time", numberOf: (value: PropertyValue) => number): GrowingColumn {
  let column = { type, values: new Float64Array(0) };
  return {
    reserve(entries) {
      column = { type, values: longer(column.values, entries, Number.NaN) };
    },
    put(index, value) {
      column.values[index] = value === undefined || value === null ? Number.NaN : numberOf(value);
    },
    column: () => column,
  };
}

function categoryColumn(): GrowingColumn {
  const { names, codeOf } = nameTable();
  let column = { type: "category" as const, codes: new Uint32Array(0), names };
  return {
    reserve(entries) {
      column = { type: "category", codes: longer(column.codes, entries, MISSING), names };
    },
    put(index, value) {
      column.codes[index] = typeof value === "string" ? codeOf(value) : MISSING;
    },
    column: () => column,
  };
}

/** Compressed rows can't be edited in place, so they are rebuilt on the first read after a change. */
function categoriesColumn(): GrowingColumn {
  const { names, codeOf } = nameTable();
  const rows: (Uint32Array | undefined)[] = [];
  let entries = 0;
  let column: FeatureColumn | undefined;
  return {
    reserve(room) {
      entries = room;
      column = undefined;
    },
    put(index, value) {
      const list = typeof value === "string" ? [value] : ((value ?? []) as readonly string[]);
      rows[index] = list.length === 0 ? undefined : Uint32Array.from(new Set(list), codeOf);
      column = undefined;
    },
    column() {
      if (column !== undefined) return column;
      const offsets = new Uint32Array(entries + 1);
      for (let i = 0; i < entries; i++) offsets[i + 1] = offsets[i] + (rows[i]?.length ?? 0);
      const codes = new Uint32Array(offsets[entries]);
      rows.forEach((row, i) => {
        if (row !== undefined) codes.set(row, offsets[i]);
      });
      column = { type: "categories", offsets, codes, names };
      return column;
    },
  };
}

function textColumn(): GrowingColumn {
  const values: string[] = [];
  const column = { type: "text" as const, values };
  return {
    reserve(entries) {
      while (values.length < entries) values.push("");
    },
    put(index, value) {
      values[index] = typeof value === "string" ? value : "";
    },
    column: () => column,
  };
}

function vectorColumn(dimensions: number): GrowingColumn {
  let column = { type: "vector" as const, dimensions, values: new Float32Array(0) };
  return {
    reserve(entries) {
      column = { type: "vector", dimensions, values: longer(column.values, entries * dimensions, Number.NaN) };
    },
    put(index, value) {
      if (Array.isArray(value) && value.length === dimensions) column.values.set(value, index * dimensions);
      else column.values.fill(Number.NaN, index * dimensions, (index + 1) * dimensions);
    },
    column: () => column,
  };
}

function placeColumn(): GrowingColumn {
  let column = { type: "place" as const, latitude: new Float64Array(0), longitude: new Float64Array(0) };
  return {
    reserve(entries) {
      const { latitude, longitude } = column;
      column = { type: "place", latitude: longer(latitude, entries, Number.NaN), longitude: longer(longitude, entries, Number.NaN) };
    },
    put(index, value) {
      const [latitude, longitude] = Array.isArray(value) ? (value as readonly number[]) : [Number.NaN, Number.NaN];
      column.latitude[index] = latitude;
      column.longitude[index] = longitude;
    },
    column: () => column,
  };
}

/** Growing list of names, coded in order of first appearance. */
function nameTable(): { names: string[]; codeOf(name: string): number } {
  const names: string[] = [];
  const codes = new Map<string, number>();
  return {
    names,
    codeOf(name) {
      let code = codes.get(name);
      if (code === undefined) {
        code = names.length;
        codes.set(name, code);
        names.push(name);
      }
      return code;
    },
  };
}

/** A longer copy, with the added entries set to a value. */
export function longer<A extends Float64Array | Float32Array | Uint32Array | Uint8Array>(array: A, length: number, rest: number): A {
  const copy = new (array.constructor as new (length: number) => A)(length);
  copy.set(array.subarray(0, length));
  copy.fill(rest, array.length);
  return copy;
}
