import type { PropertyType } from "../../data/entities.ts";
import { isMissing } from "../../data/missing-words.ts";
import { decimalOf, parseWithDecimal } from "../../data/readers/decimal-comma.ts";
import { RecoError } from "../../util/errors.ts";
import { didYouMean } from "../../util/nearest-names.ts";
import type { ImportRow, RowKind } from "./importer.ts";
import { quotedText } from "./json-cells.ts";

/** Fields of each kind; every other column is a property. */
export const ownFields: Readonly<Record<RowKind, readonly string[]>> = {
  events: ["user", "item", "type", "value", "time", "session", "context", "recommendation", "key"],
  items: ["id", "hidden", "expires", "created", "updated"],
  users: ["id", "hidden", "created", "updated"],
};
const required: Readonly<Record<RowKind, readonly string[]>> = { events: ["user", "item", "type"], items: ["id"], users: ["id"] };

/** The column name of a property that has the same name as a field. */
export const PREFIX = "properties.";

/**
 * Checks the columns of a table before any row is read.
 *
 * @throws RecoError `bad-data` if one is missing, duplicated or unknown
 */
export function checkColumns(kind: RowKind, columns: readonly string[]): void {
  const missing = required[kind].filter((name) => !columns.includes(name));
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) throw new RecoError("bad-data", `The column "${twice.slice(0, 64)}" appears twice. Rename or remove one.`);
  if (missing.length > 0) {
    const list = missing.map((name) => `"${name}"`).join(", ");
    throw new RecoError(
      "bad-data",
      `The first line must name the columns, including ${list}, but it has ${columns.join(", ").slice(0, 200)}.`,
    );
  }
  if (kind !== "events") return;
  const unknown = columns.find((name) => !ownFields.events.includes(name));
  if (unknown !== undefined)
    throw new RecoError("bad-data", `Events have no column "${unknown.slice(0, 64)}".${didYouMean(unknown, ownFields.events)}`);
}

/**
 * Rejects a row whose ids are words for a missing value, as exports write them for visitors who were not logged in. A session of that name is left
 * out.
 */
export function withIds(kind: RowKind, row: ImportRow): ImportRow {
  if (typeof row === "string") return row;
  for (const name of required[kind]) {
    const id = row[name];
    if (typeof id === "string" && id !== "" && isMissing(id)) return `${name} is ${JSON.stringify(id)}, which stands for a missing value.`;
  }
  if (kind !== "events" || typeof row.session !== "string" || row.session === "" || !isMissing(row.session)) return row;
  const { session: _, ...rest } = row;
  return rest;
}

/** Converts a table row to the form of requests, with nested properties. */
export function nested(kind: RowKind, row: Readonly<Record<string, unknown>>): ImportRow {
  if (kind === "events") return typeof row.context === "string" ? parsedContext(row, row.context) : row;
  const properties: Record<string, unknown> = {};
  const entity: Record<string, unknown> = { properties };
  for (const [name, value] of Object.entries(row)) {
    if (value === null || value === undefined) continue;
    if (ownFields[kind].includes(name)) entity[name] = value;
    else properties[name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name] = value;
  }
  return entity;
}

/**
 * Parses a cell of a text file as its column's type; undefined for a word that stands for a missing value. Text that doesn't fit stays text, and
 * the check rejects it. Columns of text keep such words. A cell with a JSON string is that text, whatever the type.
 */
export function cellReader(type: PropertyType | "guess", cells: () => Iterable<string>): (cell: string) => unknown {
  const read = plainReader(type, cells);
  return (cell) => quotedText(cell) ?? read(cell);
}

function plainReader(type: PropertyType | "guess", cells: () => Iterable<string>): (cell: string) => unknown {
  if (type === "guess") return guessedReader(cells);
  if (type === "number") return present(numberReader(cells));
  if (type === "boolean") return present((cell) => ({ true: true, false: false, 1: true, 0: false })[cell.toLowerCase()] ?? cell);
  if (type === "time") return present((cell) => (/^\d+$/.test(cell) ? Number(cell) : cell));
  if (type === "categories") return (cell) => parsedList(cell) ?? cell.split("|").map((name) => name.trim());
  if (type === "vector" || type === "place") return (cell) => parsedList(cell) ?? cell.split(/[\s,;|]+/).map(Number);
  return (cell) => cell;
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Without a declared type, the first rows decide: all numbers, all true or false, all lists, otherwise text. In a column with JSON strings, each
 * cell decides for itself.
 */
function guessedReader(cells: () => Iterable<string>): (cell: string) => unknown {
  const seen = [...cells()].filter((cell) => cell !== "");
  const known = seen.filter((cell) => !isMissing(cell));
  const all = (fits: (cell: string) => boolean) => seen.length > 0 && seen.every(fits);
  if (seen.some((cell) => quotedText(cell) !== undefined)) return jsonCell;
  const decimal = decimalOf(known);
  const isLocal = (cell: string) => decimal !== undefined && !/^[+-]?0\d/.test(cell) && !Number.isNaN(parseWithDecimal(cell, decimal));
  const isNumber = (cell: string) => (decimal !== "," && NUMBER.test(cell)) || isLocal(cell);
  if (known.length > 0 && known.every(isNumber)) return cellReader("number", cells);
  if (all((cell) => /^(true|false)$/i.test(cell))) return cellReader("boolean", cells);
  if (all((cell) => parsedList(cell) !== undefined)) return (cell) => parsedList(cell) ?? cell;
  return (cell) => cell;
}

/** Numbers with what the column has before its decimals, a point or a comma. */
function numberReader(cells: () => Iterable<string>): (cell: string) => unknown {
  const decimal = decimalOf(cells());
  return (cell) => {
    if (decimal !== "," && NUMBER.test(cell)) return Number(cell);
    const value = decimal === undefined ? Number.NaN : parseWithDecimal(cell, decimal);
    return Number.isNaN(value) ? cell : value;
  };
}

function present(read: (cell: string) => unknown): (cell: string) => unknown {
  return (cell) => (isMissing(cell) ? undefined : read(cell));
}

/** A number, true, false or a list if the cell is exactly that, otherwise text. */
function jsonCell(cell: string): unknown {
  if (NUMBER.test(cell)) return Number(cell);
  return cell === "true" ? true : cell === "false" ? false : (parsedList(cell) ?? cell);
}

function parsedList(cell: string): unknown[] | undefined {
  if (!cell.startsWith("[")) return undefined;
  try {
    const list: unknown = JSON.parse(cell);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

function parsedContext(row: Readonly<Record<string, unknown>>, text: string): ImportRow {
  try {
    return { ...row, context: JSON.parse(text) as unknown };
  } catch {
    return "context is not a JSON object.";
  }
}
