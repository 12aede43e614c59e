import { parseDate } from "../moment-text.ts";
import { isColumnName } from "./columns.ts";
import { DelimitedScanner } from "./delimited.ts";
import { parseNumberText } from "./numbers.ts";

/** The format of a delimited file. */
export interface Dialect {
  readonly delimiter: string;
  readonly header: boolean;
  /** Lines before the header or the first row: Excel's `sep=;`. */
  readonly before: number;
  /** Column names: those in the header, otherwise "column 1", "column 2" …. */
  readonly names: readonly string[];
  /** The first rows below the header. */
  readonly sample: readonly (readonly string[])[];
}

// In order of preference if several would work: text rarely contains tabs, but often spaces.
const DELIMITERS = ["\t", "::", ",", ";", "|", " "];
const SAMPLE_ROWS = 200;

/**
 * Detects the dialect of a file from its first bytes.
 *
 * @param whole whether `bytes` is the whole file; otherwise its last row may be cut off, and is ignored
 * @param given what is known: the names of `columns` that are wanted tell a header
 */
export async function sniffDialect(
  bytes: Uint8Array,
  whole: boolean,
  given: { delimiter?: string; header?: boolean; columns?: readonly string[] },
): Promise<Dialect> {
  const end = whole ? bytes.length : bytes.lastIndexOf(10) + 1;
  const beginning = bytes.subarray(0, end === 0 ? bytes.length : end);
  const told = delimiterLine(beginning);
  const start = told === undefined ? beginning : beginning.subarray(told.length);
  let best: { delimiter: string; rows: string[][]; share: number } | undefined;
  for (const delimiter of given.delimiter === undefined ? (told === undefined ? DELIMITERS : [told.delimiter]) : [given.delimiter]) {
    const rows = await sampleRows(start, delimiter);
    const width = usualWidth(rows);
    const share = width < 2 ? 0 : rows.filter((row) => row.length === width).length / rows.length;
    if (best === undefined || share > best.share) best = { delimiter, rows, share };
  }
  const { delimiter, rows } = best as { delimiter: string; rows: string[][] };
  // A file with one column has no delimiter to detect. With a comma, the error message makes sense.
  const settled = best?.share === 0 && given.delimiter === undefined ? "," : delimiter;
  const wanted = given.columns?.some((name) => rows[0]?.includes(name)) === true;
  const header = given.header ?? (wanted || isHeader(rows));
  const names = header && rows.length > 0 ? rows[0] : Array.from({ length: usualWidth(rows) }, (_, i) => `column ${i + 1}`);
  return {
    delimiter: settled,
    header,
    before: told === undefined ? 0 : 1,
    names,
    sample: rows.slice(header ? 1 : 0).filter((row) => row.length === names.length),
  };
}

/** The first line `sep=;` that Excel reads as the delimiter, with its length in bytes. */
export function delimiterLine(bytes: Uint8Array): { readonly delimiter: string; readonly length: number } | undefined {
  const [line, delimiter] = /^(?:\xef\xbb\xbf)?"?sep=([^\r\n])"?\r?\n/i.exec(String.fromCharCode(...bytes.subarray(0, 16))) ?? [];
  return line === undefined ? undefined : { delimiter, length: line.length };
}

/** The delimiter of a table with a header, by that alone: the one that occurs most often in it, or else the usual one. */
export function headerDelimiter(bytes: Uint8Array, usual = ","): string {
  const [header] = new TextDecoder().decode(bytes).split("\n", 1);
  const columns = header.replace(/"[^"]*"/g, "");
  const times = (delimiter: string) => columns.split(delimiter).length;
  return [",", ";", "\t", "|"].reduce((best, delimiter) => (times(delimiter) > times(best) ? delimiter : best), usual);
}

/**
 * A first row without numbers is a header if it has a well-known column name, or is above a column of numbers or dates.
 */
function isHeader(rows: readonly (readonly string[])[]): boolean {
  if (rows.length === 0) return false;
  const [first, ...rest] = rows;
  if (first.some(isValue)) return false;
  if (first.some(isColumnName)) return true;
  return first.some((name, column) => {
    const cells = rest.map((row) => row[column]?.trim() ?? "").filter((cell) => cell !== "");
    return name.trim() !== "" && cells.length > 0 && cells.length >= rest.length / 10 && cells.every((cell) => isValue(cell));
  });
}

/** Numbers and dates, also with commas and with the day first. */
function isValue(text: string): boolean {
  const isNumber = !Number.isNaN(parseNumberText(text)) || /^[-+]?\d[\d.,' ]*$/.test(text);
  return isNumber || !Number.isNaN(parseDate(text)) || /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b/.test(text);
}

function usualWidth(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  let usual = 0;
  for (const [width, count] of counts) if (count > (counts.get(usual) ?? 0)) usual = width;
  return usual;
}

async function sampleRows(bytes: Uint8Array, delimiter: string): Promise<string[][]> {
  const rows: string[][] = [];
  const decoder = new TextDecoder();
  const scanner = new DelimitedScanner(delimiter, {
    row(block, starts, ends, fields) {
      if (rows.length < SAMPLE_ROWS)
        rows.push(Array.from({ length: fields }, (_, f) => decoder.decode(block.subarray(starts[f], ends[f]))));
    },
    broken() {},
  });
  await scanner.scan(
    (async function* () {
      yield bytes;
    })(),
  );
  return rows;
}
