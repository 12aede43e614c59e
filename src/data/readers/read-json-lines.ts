import { NOT_UTF8, shown } from "./bad-rows.ts";
import type { Collector } from "./collector.ts";
import { chooseColumns, type Role, roles } from "./columns.ts";
import { readLines } from "./lines.ts";
import type { ReadRequest } from "./read-request.ts";

const SAMPLE_ROWS = 200;
/** Strings, and whole numbers too long to be exact, which JSON.parse would round. */
const STRING_OR_LONG_INTEGER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

type Row = Readonly<Record<string, unknown>>;

interface Line {
  readonly line: number;
  /** The object, or what is wrong with it. */
  readonly row: Row | string;
}

/** Reads JSON Lines: one object per line, one column per key. */
export async function readJsonLines(request: ReadRequest, collector: Collector): Promise<void> {
  const { name, given } = request;
  // Columns are chosen after the first rows. Until then rows wait, including bad ones, so that they are reported in order.
  const waiting: Line[] = [];
  const take = ({ row, line }: Line) => {
    if (typeof row === "string") return collector.bad.add(name, line, row);
    const values: Partial<Record<Role, unknown>> = {};
    for (const role of roles) {
      const choice = collector.choices?.[role];
      if (choice !== undefined) values[role] = row[choice.name];
    }
    const moments = collector.moments?.columns.map(({ choice }) => row[choice.name]);
    collector.addValues(values, name, line, moments);
  };
  const settle = () => {
    const names = new Set(waiting.flatMap(({ row }) => (typeof row === "string" ? [] : Object.keys(row))));
    if (names.size > 0) collector.choices ??= chooseColumns([...names], true, [], given);
    for (const entry of waiting.splice(0)) take(entry);
  };
  for await (const { first, lines } of readLines(request.blocks, request)) {
    for (let i = 0; i < lines.length; i++) {
      const text = lines[i];
      if (text?.trim() === "") continue;
      const line: Line = { line: first + i, row: text === undefined ? NOT_UTF8 : (parseRow(text) ?? `no JSON object: ${shown(text)}`) };
      if (collector.choices !== undefined) take(line);
      else if (waiting.push(line) === SAMPLE_ROWS) settle();
    }
  }
  settle();
}

function parseRow(text: string): Row | undefined {
  const exact = /\d{16}/.test(text)
    ? text.replace(STRING_OR_LONG_INTEGER, (token) => (token[0] === '"' || Number.isSafeInteger(Number(token)) ? token : `"${token}"`))
    : text;
  try {
    const row: unknown = JSON.parse(exact);
    return typeof row === "object" && row !== null && !Array.isArray(row) ? (row as Row) : undefined;
  } catch {
    return undefined;
  }
}
