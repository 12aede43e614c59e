import { type FeatureColumn, MISSING } from "../data/features.ts";
import type { NumberKernel, TextKernel } from "./blocks.ts";

type CategoryColumn = Extract<FeatureColumn, { type: "category" }>;

interface Index {
  readonly codes: Map<string, number>;
  /** Names indexed so far; a catalog adds names in place. */
  size: number;
}

const indices = new WeakMap<readonly string[], Index>();

/** Codes of a column's names, by name. Cached for the next evaluation, and extended when names are added. */
export function codesByName(names: readonly string[]): ReadonlyMap<string, number> {
  let index = indices.get(names);
  if (index === undefined || index.size > names.length) {
    index = { codes: new Map(), size: 0 };
    indices.set(names, index);
  }
  for (; index.size < names.length; index.size++) index.codes.set(names[index.size], index.size);
  return index.codes;
}

/** A table by code: 1 for these names, otherwise 0. */
export function codeTable(names: readonly string[], wanted: Iterable<string>): Uint8Array {
  const codes = codesByName(names);
  const table = new Uint8Array(names.length);
  for (const name of wanted) {
    const code = codes.get(name);
    if (code !== undefined) table[code] = 1;
  }
  return table;
}

/** Whether the category of an item is one of `wanted`; null if it has none. */
export function categoryIn({ codes, names }: CategoryColumn, wanted: Iterable<string>): NumberKernel {
  const table = codeTable(names, wanted);
  return (rows, count, out) => {
    for (let i = 0; i < count; i++) {
      const code = codes[rows[i]];
      out[i] = code < table.length ? table[code] : Number.NaN;
    }
  };
}

export function hasCategory({ codes }: CategoryColumn): NumberKernel {
  return (rows, count, out) => {
    for (let i = 0; i < count; i++) out[i] = codes[rows[i]] < MISSING ? 1 : 0;
  };
}

/** The names of the items' categories. */
export function categoryText({ codes, names }: CategoryColumn): TextKernel {
  return (rows, count, out) => {
    for (let i = 0; i < count; i++) {
      const code = codes[rows[i]];
      out[i] = code < names.length ? names[code] : "";
    }
  };
}
