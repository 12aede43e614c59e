import { shown } from "./bad-rows.ts";
import type { Collector } from "./collector.ts";
import { chooseColumns, type Role, roles } from "./columns.ts";
import { readLines } from "./lines.ts";
import type { ReadRequest } from "./read-delimited.ts";

const SAMPLE_ROWS = 200;
/** Strings, and whole numbers too long to be exact: JSON.parse would round those. */
const STRING_OR_LONG_INTEGER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

type Row = Readonly<Record<string, unknown>>;

/** Reads JSON lines: one object a line, a column a key. */
export async function readJsonLines(request: ReadRequest, collector: Collector): Promise<void> {
  const { name, given } = request;
  const waiting: { row: Row; line: number }[] = [];
  const take = ({ row, line }: { row: Row; line: number }) => {
    const values: Partial<Record<Role, unknown>> = {};
    for (const role of roles) {
      const choice = collector.choices?.[role];
      if (choice !== undefined) values[role] = row[choice.name];
    }
    collector.addValues(values, name, line);
  };
  const settle = () => {
    if (waiting.length === 0) return;
    const names = [...new Set(waiting.flatMap(({ row }) => Object.keys(row)))];
    collector.choices ??= chooseColumns(names, true, [], given);
    for (const entry of waiting.splice(0)) take(entry);
  };
  for await (const { first, lines } of readLines(request.blocks, request)) {
    for (let i = 0; i < lines.length; i++) {
      const text = lines[i];
      if (text === undefined) collector.bad.add(name, first + i, "not UTF-8");
      else if (text.trim() !== "") {
        const row = parseRow(text);
        if (row === undefined) collector.bad.add(name, first + i, `no JSON object: ${shown(text)}`);
        else if (collector.choices === undefined && waiting.length < SAMPLE_ROWS) waiting.push({ row, line: first + i });
        else {
          settle();
          take({ row, line: first + i });
        }
      }
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
