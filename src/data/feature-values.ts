import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";
import { type FeatureColumn, type FeatureTable, MISSING } from "./features.ts";

/** The value of one feature of an item, a user or a moment. */
export type FeatureValue =
  | string
  | number
  | boolean
  | Date
  | readonly string[]
  | readonly number[]
  | { readonly latitude: number; readonly longitude: number };

/** Features by name. Omit those that are unknown. */
export type FeatureValues = Readonly<Record<string, FeatureValue | undefined>>;

/** The names and kinds of the columns of a table. */
export type FeatureSchema = Readonly<Record<string, { readonly type: FeatureColumn["type"]; readonly dimensions?: number }>>;

export function schemaOf(table: FeatureTable): FeatureSchema {
  return Object.fromEntries(
    Object.entries(table).map(([name, column]) => [
      name,
      column.type === "vector" ? { type: column.type, dimensions: column.dimensions } : { type: column.type },
    ]),
  );
}

/**
 * Infers the kinds of features: numbers, times (Dates), vectors (lists of numbers), places; strings and booleans are categories.
 *
 * @throws RecoError `bad-input` if a feature has values of two kinds
 */
export function schemaOfValues(rows: readonly FeatureValues[], what: string): FeatureSchema {
  const schema: Record<string, FeatureSchema[string]> = {};
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) {
      if (value === undefined) continue;
      const kind = kindOf(value);
      schema[name] ??= kind;
      if (schema[name].type !== kind.type || schema[name].dimensions !== kind.dimensions)
        throw new RecoError(
          "bad-input",
          `The ${what} feature "${name}" has values of two kinds: ${schema[name].type} and ${kind.type}. Use one.`,
        );
    }
  return schema;
}

function kindOf(value: FeatureValue): FeatureSchema[string] {
  if (typeof value === "number") return { type: "number" };
  if (typeof value !== "object") return { type: "category" };
  if (value instanceof Date) return { type: "time" };
  if (!Array.isArray(value)) return { type: "place" };
  return value.length > 0 && typeof value[0] === "number" ? { type: "vector", dimensions: value.length } : { type: "categories" };
}

/**
 * A table with the columns of a schema and one entry per row. Omitted features are missing values. Categories are numbered in order of
 * appearance, so compare names, not codes, with another table.
 *
 * @param what what the features describe, for messages: "item", "user", "context"
 * @throws RecoError `bad-input` for a feature that the schema lacks, or a value that doesn't fit its column
 */
export function featureTable(schema: FeatureSchema, rows: readonly FeatureValues[], what: string): FeatureTable {
  const names = Object.keys(schema);
  for (const row of rows)
    for (const name of Object.keys(row))
      if (!Object.hasOwn(schema, name))
        throw new RecoError(
          "bad-input",
          `The model has no ${what} feature "${name}".${didYouMean(name, names)} It has ${names.join(", ") || "none"}.`,
        );
  return Object.fromEntries(
    names.map((name) => [
      name,
      columnOf(
        schema[name],
        rows.map((row) => row[name]),
        (value, wanted) => new RecoError("bad-input", `The ${what} feature "${name}" is ${JSON.stringify(value)}; it must be ${wanted}.`),
      ),
    ]),
  );
}

type Refusal = (value: unknown, wanted: string) => RecoError;

function columnOf(
  { type, dimensions = 0 }: FeatureSchema[string],
  values: readonly (FeatureValue | undefined)[],
  refusal: Refusal,
): FeatureColumn {
  const numbers = (wanted: string, read: (value: FeatureValue) => number) =>
    Float64Array.from(values, (value) => {
      if (value === undefined) return Number.NaN;
      const number = read(value);
      if (!Number.isFinite(number)) throw refusal(value, wanted);
      return number;
    });
  switch (type) {
    case "number":
      return {
        type,
        values: numbers("a number", (value) => (typeof value === "boolean" || typeof value === "number" ? Number(value) : Number.NaN)),
      };
    case "time":
      return {
        type,
        values: numbers("a Date or milliseconds", (value) =>
          value instanceof Date || typeof value === "number" ? Number(value) : Number.NaN,
        ),
      };
    case "text":
      return { type, values: values.map((value) => (value === undefined ? "" : String(value))) };
    case "category": {
      const coder = new Coder();
      const codes = Uint32Array.from(values, (value) => {
        if (value === undefined) return MISSING;
        if (typeof value === "object") throw refusal(value, "one category");
        return coder.code(String(value));
      });
      return { type, codes, names: coder.names };
    }
    case "categories": {
      const coder = new Coder();
      const lists = values.map((value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]));
      const offsets = new Uint32Array(values.length + 1);
      lists.forEach((list, i) => {
        offsets[i + 1] = offsets[i] + list.length;
      });
      return { type, offsets, codes: Uint32Array.from(lists.flat(), (name) => coder.code(String(name))), names: coder.names };
    }
    case "vector": {
      const all = new Float32Array(values.length * dimensions).fill(Number.NaN);
      values.forEach((value, i) => {
        if (value === undefined) return;
        if (!Array.isArray(value) || value.length !== dimensions || !value.every(Number.isFinite))
          throw refusal(value, `${dimensions} numbers`);
        all.set(value as number[], i * dimensions);
      });
      return { type, dimensions, values: all };
    }
    case "place": {
      const part = (name: "latitude" | "longitude") =>
        numbers("a place { latitude, longitude }", (value) =>
          typeof value === "object" && name in value ? (value as { latitude: number; longitude: number })[name] : Number.NaN,
        );
      return { type, latitude: part("latitude"), longitude: part("longitude") };
    }
  }
}

/** Numbers names in order of appearance. */
class Coder {
  readonly names: string[] = [];
  readonly #codes = new Map<string, number>();

  code(name: string): number {
    let code = this.#codes.get(name);
    if (code === undefined) {
      code = this.names.push(name) - 1;
      this.#codes.set(name, code);
    }
    return code;
  }
}
