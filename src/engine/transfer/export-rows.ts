import type { Entity, ProjectStore, StoredEvent } from "../../store/store.ts";
import { ownFields, PREFIX } from "./flat-rows.ts";
import type { RowKind } from "./importer.ts";
import { isMisread, isMisreadAsText } from "./json-cells.ts";
import type { ParquetColumn } from "./parquet.ts";

type Row = Readonly<Record<string, unknown>>;

/** The rows of one kind to export: a snapshot, except for rows added during the export. */
export interface Export {
  /** Approximate number of rows. */
  readonly rows: number;
  /** In the form of requests: properties nested. */
  nested(): AsyncIterable<object> | Iterable<object>;
  /** In the form of tables: properties next to the other fields, named by `columns`. */
  flat(): AsyncIterable<Row> | Iterable<Row>;
  readonly columns: readonly ParquetColumn[];
  /** Whether an import would misread this text in a cell of this column. */
  misread(column: string, text: string): boolean;
}

const PAGE = 1000;

export function exportOf(kind: RowKind, store: ProjectStore): Export {
  return kind === "events" ? eventExport(store) : entityExport(kind, store);
}

const eventColumns: readonly ParquetColumn[] = [
  ...["user", "item", "type"].map((name) => ({ name, type: "VARCHAR" })),
  { name: "value", type: "DOUBLE" },
  { name: "time", type: "DOUBLE" },
  ...["session", "context", "recommendation"].map((name) => ({ name, type: "VARCHAR" })),
];

function eventExport(store: ProjectStore): Export {
  async function* flat() {
    for await (const event of store.readEvents())
      yield { ...event, context: event.context === undefined ? undefined : JSON.stringify(event.context) } satisfies Omit<
        StoredEvent,
        "context"
      > &
        Row;
  }
  return {
    rows: store.size,
    nested: () => store.readEvents(),
    flat,
    columns: eventColumns,
    misread: (_column, text) => isMisreadAsText(text),
  };
}

function entityExport(kind: "items" | "users", store: ProjectStore): Export {
  const list = kind === "items" ? store.listItems : store.listUsers;
  function* all(): Generator<Entity> {
    for (let after: string | undefined; ; ) {
      const page = list.call(store, { ...(after === undefined ? {} : { after }), limit: PAGE });
      yield* page;
      if (page.length < PAGE) return;
      after = page[page.length - 1].id;
    }
  }
  const nested = function* () {
    for (const { hidden, ...entity } of all()) yield kind === "items" ? { ...entity, hidden } : entity;
  };
  const own = ownFields[kind].filter((name) => kind === "items" || name !== "hidden");
  const types = new Map<string, string>(own.map((name) => [name, name === "id" ? "VARCHAR" : name === "hidden" ? "BOOLEAN" : "DOUBLE"]));
  const empty = new Set<string>();
  let rows = 0;
  for (const { properties } of all()) {
    rows++;
    for (const [name, value] of Object.entries(properties)) {
      const column = columnName(kind, name);
      const type = typeOf(value);
      if (type === undefined) {
        if (Array.isArray(value)) empty.add(column);
        continue;
      }
      types.set(column, (types.get(column) ?? type) === type ? type : "VARCHAR");
    }
  }
  for (const column of empty) if (!types.has(column)) types.set(column, "VARCHAR[]");
  const flat = function* () {
    for (const { properties, ...fields } of nested())
      yield { ...fields, ...Object.fromEntries(Object.entries(properties).map(([name, value]) => [columnName(kind, name), value])) };
  };
  const misread = (column: string, text: string) => (own.includes(column) ? isMisreadAsText(text) : isMisread(text));
  return { rows, nested, flat, columns: [...types].map(([name, type]) => ({ name, type })), misread };
}

function columnName(kind: RowKind, property: string): string {
  return ownFields[kind].includes(property) || property.startsWith(PREFIX) ? PREFIX + property : property;
}

function typeOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : typeof value[0] === "number" ? "DOUBLE[]" : "VARCHAR[]";
  return typeof value === "number" ? "DOUBLE" : typeof value === "boolean" ? "BOOLEAN" : "VARCHAR";
}

/** Rows as JSON Lines, in blocks. */
export async function* jsonLines(rows: AsyncIterable<object> | Iterable<object>): AsyncGenerator<string> {
  yield* inBlocks(rows, (row) => `${JSON.stringify(row)}\n`);
}

/** Rows as CSV (RFC 4180) with a header line; lists, objects and text that an import would misread are JSON in a cell. */
export async function* csvLines({ columns, flat, misread }: Export): AsyncGenerator<string> {
  yield `${columns.map(({ name }) => quoted(name)).join(",")}\n`;
  yield* inBlocks(flat(), (row) => `${columns.map(({ name }) => cell(row[name], (text) => misread(name, text))).join(",")}\n`);
}

const BLOCK = 1 << 16;

async function* inBlocks<T>(rows: AsyncIterable<T> | Iterable<T>, line: (row: T) => string): AsyncGenerator<string> {
  let text = "";
  for await (const row of rows) {
    text += line(row);
    if (text.length < BLOCK) continue;
    yield text;
    text = "";
  }
  if (text !== "") yield text;
}

function cell(value: unknown, misread: (text: string) => boolean): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return quoted(misread(value) ? JSON.stringify(value) : value);
  return quoted(typeof value === "object" ? JSON.stringify(value) : String(value));
}

function quoted(text: string): string {
  return /[",\r\n]|^[ \t]|[ \t]$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
