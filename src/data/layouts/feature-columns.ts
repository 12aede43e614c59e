import { type FeatureColumn, MISSING } from "../features.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** Arranges the rows of a side table by the indices of a vocabulary; undefined for entries that the table lacks. */
export function rowsByIndex(vocabulary: Vocabulary, table: readonly string[][]): (string[] | undefined)[] {
  const rows: (string[] | undefined)[] = new Array(vocabulary.size).fill(undefined);
  for (const row of table) {
    const index = vocabulary.indexOf(row[0]);
    if (index >= 0) rows[index] = row;
  }
  return rows;
}

type Rows = readonly (readonly string[] | undefined)[];

export function textColumn(rows: Rows, field: number): FeatureColumn {
  return { type: "text", values: rows.map((row) => row?.[field] ?? "") };
}

export function numberColumn(rows: Rows, read: (row: readonly string[]) => number): FeatureColumn {
  return { type: "number", values: Float64Array.from(rows, (row) => (row === undefined ? Number.NaN : read(row))) };
}

export function categoryColumn(rows: Rows, read: (row: readonly string[]) => string): FeatureColumn {
  const codes = new Map<string, number>();
  const column = Uint32Array.from(rows, (row) => (row === undefined ? MISSING : code(codes, read(row))));
  return { type: "category", codes: column, names: [...codes.keys()] };
}

/** `names` assigns codes in advance, in their order. */
export function categoriesColumn(
  rows: Rows,
  read: (row: readonly string[]) => readonly string[],
  names: readonly string[] = [],
): FeatureColumn {
  const codes = new Map(names.map((name, i) => [name, i]));
  const offsets = new Uint32Array(rows.length + 1);
  const all: number[] = [];
  rows.forEach((row, i) => {
    if (row !== undefined) for (const name of read(row)) all.push(code(codes, name));
    offsets[i + 1] = all.length;
  });
  return { type: "categories", offsets, codes: Uint32Array.from(all), names: [...codes.keys()] };
}

/** The year in parentheses at the end of a film title, NaN if missing. */
export function yearOf(title: string): number {
  const match = /\((\d{4})\)\s*$/.exec(title);
  return match === null ? Number.NaN : Number(match[1]);
}

function code(codes: Map<string, number>, name: string): number {
  const known = codes.get(name);
  if (known !== undefined) return known;
  codes.set(name, codes.size);
  return codes.size - 1;
}
