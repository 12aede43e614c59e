import { isUtf8 } from "node:buffer";
import type { PropertyType } from "../../data/entities.ts";
import { DelimitedScanner } from "../../data/readers/delimited.ts";
import { readLines } from "../../data/readers/lines.ts";
import { replayed } from "../../data/readers/replayed.ts";
import { delimiterLine, headerDelimiter } from "../../data/readers/sniff.ts";
import { RecoError } from "../../util/errors.ts";
import { type RecognizedCatalog, recognizeCatalog } from "./catalog-layouts.ts";
import { cellReader, checkColumns, nested, ownFields, PREFIX, withIds } from "./flat-rows.ts";
import { ga4Events, isGa4 } from "./ga4.ts";
import type { Importer, ImportRow, RowKind } from "./importer.ts";

type Bytes = AsyncIterable<Uint8Array>;

/** A row may be as long as a request body. */
const LONGEST_LINE = 8 * 2 ** 20;
const GUESS_ROWS = 1000;
const NOT_UTF8 = "The line is not UTF-8 text. If the file is in another encoding, such as windows-1252, name it.";

/** Reads JSON Lines: one object per line, of events also those of Google Analytics 4. `flat` means that properties are next to the other fields, as in a table. */
export async function readJsonLines(kind: RowKind, bytes: Bytes, importer: Importer, flat = false): Promise<void> {
  for await (const { first, lines } of readLines(limited(bytes))) {
    for (let i = 0; i < lines.length; i++) {
      const text = lines[i];
      if (text?.trim() === "") continue;
      const row = text === undefined ? NOT_UTF8 : parsedRow(text);
      if (kind === "events" && typeof row !== "string" && isGa4(row))
        for (const event of ga4Events(row)) importer.add(first + i, withIds(kind, event));
      else importer.add(first + i, withIds(kind, flat && typeof row !== "string" ? nested(kind, row) : row));
    }
    await importer.flush();
  }
}

function parsedRow(text: string): ImportRow {
  try {
    const row: unknown = JSON.parse(text);
    if (typeof row === "object" && row !== null && !Array.isArray(row)) return row as ImportRow;
  } catch {
    // Reported below.
  }
  return "The line is not a JSON object.";
}

/**
 * Reads delimited text with a header line, whose delimiter is detected. Cells of properties are parsed by their declared types, or as the first rows suggest.
 *
 * @throws RecoError `bad-data` if the columns are invalid
 */
export async function readTable(
  kind: RowKind,
  bytes: Bytes,
  importer: Importer,
  {
    delimiter,
    types,
    ...looks
  }: {
    /** The delimiter if the header has several that occur equally often. Default a comma. */
    readonly delimiter?: string;
    readonly types: Readonly<Record<string, PropertyType>>;
  } & TableLooks,
): Promise<void> {
  const table = new Table(kind, types, importer, looks);
  const blocks = bytes[Symbol.asyncIterator]();
  const first = await blocks.next();
  if (first.done) throw new RecoError("bad-data", "The body is empty.");
  const told = delimiterLine(first.value);
  const scanner = new DelimitedScanner(told?.delimiter ?? headerDelimiter(first.value, delimiter), {
    row: (block, starts, ends, fields, line) => {
      if (line === 1 && told !== undefined) return;
      const cells: string[] = [];
      const view = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
      let bad: string | undefined;
      for (let f = 0; f < fields; f++) {
        const cell = view.subarray(starts[f], ends[f]);
        if (!isUtf8(cell)) bad = NOT_UTF8;
        cells.push(cell.toString("utf8"));
      }
      table.take(line, bad ?? cells);
    },
    broken: (line, reason) => table.take(line, `There is ${reason}.`),
  });
  await scanner.scan(flushing(replayed(first.value, blocks), () => table.flush()));
  await table.flush(true);
}

interface TableLooks {
  /** Other names of columns. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Whether times of events stay text, because the writer reads them in a form of their own. */
  readonly timesAsText?: boolean;
  /** Called if a table of items is the product export of a shop system. */
  readonly onLayout?: (layout: RecognizedCatalog) => void;
  /** How many rows determine the types of undeclared columns. They are kept in memory. */
  readonly sample?: number;
}

/** Rows of cells. The first names the columns; the next ones determine the types of undeclared columns. */
class Table {
  private readonly kind: RowKind;
  private readonly types: Readonly<Record<string, PropertyType>>;
  private readonly importer: Importer;
  private readonly renamed: Readonly<Record<string, string>>;
  private readonly sample: number;
  private readonly timesAsText: boolean;
  private readonly recognizes: boolean;
  private readonly onLayout: (layout: RecognizedCatalog) => void;
  private layout: RecognizedCatalog | undefined;
  private columns: readonly string[] | undefined;
  private readers: readonly ((cell: string) => unknown)[] | undefined;
  private waiting: { readonly line: number; readonly cells: readonly string[] | string }[] = [];

  constructor(
    kind: RowKind,
    types: Readonly<Record<string, PropertyType>>,
    importer: Importer,
    { renamed, sample = GUESS_ROWS, timesAsText = false, onLayout = () => {} }: TableLooks,
  ) {
    this.recognizes = kind === "items" && renamed === undefined;
    this.onLayout = onLayout;
    this.timesAsText = timesAsText;
    this.renamed = renamed ?? {};
    this.sample = sample;
    this.kind = kind;
    this.types = types;
    this.importer = importer;
  }

  take(line: number, cells: readonly string[] | string): void {
    if (this.columns === undefined) {
      if (typeof cells === "string") throw new RecoError("bad-data", `Could not read the column names in the first line. ${cells}`);
      this.columns = cells.map((name) => this.renamed[name.trim()] ?? name.trim());
      if (this.recognizes) this.layout = recognizeCatalog(cells);
      if (this.layout === undefined) checkColumns(this.kind, this.columns);
      else {
        this.readers = [];
        this.onLayout(this.layout);
      }
    } else {
      this.waiting.push({ line, cells });
      if (this.readers === undefined && this.waiting.length >= this.sample) this.guess();
      if (this.readers !== undefined) this.pass();
    }
  }

  async flush(end = false): Promise<void> {
    if (end) {
      if (this.columns === undefined) throw new RecoError("bad-data", "The body is empty.");
      if (this.readers === undefined) this.guess();
      this.pass();
    }
    await this.importer.flush();
  }

  private guess(): void {
    this.readers = this.columns?.map((name, c) =>
      cellReader(this.typeOf(name), () => this.waiting.flatMap(({ cells }) => (typeof cells === "string" ? [] : (cells[c] ?? [])))),
    );
  }

  private typeOf(name: string): PropertyType | "guess" {
    if (name === "time" && this.kind === "events" && this.timesAsText) return "text";
    if (name === "value") return this.kind === "events" ? "number" : (this.types.value ?? "guess");
    if (ownFields[this.kind].includes(name))
      return name === "hidden" ? "boolean" : ["time", "expires", "created", "updated"].includes(name) ? "time" : "text";
    return this.types[name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name] ?? "guess";
  }

  private pass(): void {
    const { columns = [], readers = [] } = this;
    for (const { line, cells } of this.waiting.splice(0)) {
      if (typeof cells === "string") this.importer.add(line, cells);
      else if (cells.length !== columns.length)
        this.importer.add(line, `The line has ${cells.length} cells, but there are ${columns.length} columns.`);
      else if (this.layout !== undefined) {
        const item = this.layout.itemOf(cells);
        if (item !== undefined) this.importer.add(line, withIds(this.kind, item));
      } else {
        const row: Record<string, unknown> = {};
        // An empty cell is a missing value.
        for (let c = 0; c < columns.length; c++) {
          const value = cells[c] === "" ? undefined : readers[c](cells[c]);
          if (value !== undefined) row[columns[c]] = value;
        }
        this.importer.add(line, withIds(this.kind, nested(this.kind, row)));
      }
    }
  }
}

/** Yields blocks, and writes the rows of one before reading the next. */
async function* flushing(bytes: Bytes, flush: () => Promise<void>): AsyncGenerator<Uint8Array> {
  for await (const block of bytes) {
    yield block;
    await flush();
  }
}

/** Yields blocks, and stops at a line too long to buffer in memory. */
async function* limited(bytes: Bytes): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const block of bytes) {
    const end = block.lastIndexOf(10);
    length = end < 0 ? length + block.length : block.length - end;
    if (length > LONGEST_LINE) throw new RecoError("too-large", `A line is longer than ${LONGEST_LINE / 2 ** 20} MiB.`);
    yield block;
  }
}
