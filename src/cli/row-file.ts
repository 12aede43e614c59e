import type { EventInput } from "../data/events.ts";
import { replayed } from "../data/readers/replayed.ts";
import { findSources, readBytes } from "../data/readers/sources.ts";
import { readText } from "../data/readers/text-file.ts";
import { nested, ownFields } from "../engine/transfer/flat-rows.ts";
import { isGa4 } from "../engine/transfer/ga4.ts";
import { type ImportCounts, Importer, type RowKind, type RowWriter } from "../engine/transfer/importer.ts";
import { readParquet } from "../engine/transfer/parquet.ts";
import { readJsonLines, readTable } from "../engine/transfer/read-rows.ts";
import { rowWriter } from "../engine/transfer/row-writer.ts";
import { RecoError } from "../util/errors.ts";
import type { ImportTarget } from "./import-target.ts";
import type { ProgressLine } from "./progress-line.ts";

type Row = Readonly<Record<string, unknown>>;

/** What came of a file of rows. */
export interface RowFileResult {
  readonly counts: ImportCounts;
  /** The types of the properties found, by name. */
  readonly properties: ReadonlyMap<string, string>;
}

/** How a file of rows is read. */
interface RowFileLooks {
  /** Other names of columns. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** The encoding; detected if undefined. */
  readonly encoding?: string | undefined;
}

/** Imports a catalog or a list of users: a column `id`, each other column a property. */
export async function importEntities(
  kind: "items" | "users",
  path: string,
  target: ImportTarget,
  looks: RowFileLooks,
  progress: ProgressLine,
): Promise<RowFileResult> {
  const properties = new Map<string, string>();
  const writer = rowWriter(kind, target);
  const read = (row: Row) => {
    const entity = writer.read(row);
    if (typeof entity === "object")
      for (const [name, value] of Object.entries((entity as { properties: Row }).properties)) noteType(properties, name, value);
    return entity;
  };
  const counts = await importFile(kind, path, { ...writer, read }, looks, progress);
  return { counts, properties };
}

/** Imports JSON Lines of events as they would be sent, with their sessions, context, recommendations and keys. */
export async function importEventLines(
  path: string,
  target: ImportTarget,
  { usualType, encoding }: { readonly usualType: string | undefined; readonly encoding: string | undefined },
  progress: ProgressLine,
) {
  const ignored = new Set<string>();
  const writer = rowWriter("events", target);
  const read = (row: Row) => {
    const event: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(row))
      if (ownFields.events.includes(name)) event[name] = ID_FIELDS.has(name) && typeof value === "number" ? String(value) : value;
      else ignored.add(name);
    event.type ??= usualType ?? (event.value === undefined ? "view" : "rating");
    // Seconds: as milliseconds, they would all lie in the first three years after 1970.
    if (typeof event.time === "number" && Math.abs(event.time) < 1e11) event.time = Math.round(event.time * 1000);
    return writer.read(event);
  };
  const counts = await importFile("events", path, { ...writer, read }, { encoding }, progress);
  return { counts, ignored: [...ignored] };
}

const ID_FIELDS = new Set(["user", "item", "session", "recommendation", "key"]);
const BEYOND_COLUMNS = ["session", "context", "recommendation", "key"];

/** Whether a file has JSON Lines of events with more than the columns of interactions, or those of Google Analytics 4. Standard input can't be looked at beforehand. */
export async function hasEventLines(path: string, encoding: string | undefined): Promise<boolean> {
  if (path === "-") return false;
  for (const source of await findSources(path)) {
    const { blocks } = await readText(readBytes(source), source.name, encoding);
    const first = await blocks.next();
    const text = first.done ? "" : new TextDecoder().decode(first.value);
    await blocks.return?.();
    const rows = text.split("\n").flatMap((line) => parsed(line));
    if (rows.length > 0 && rows.every((row) => isGa4(row))) continue;
    if (!rows.some((row) => BEYOND_COLUMNS.some((name) => row[name] !== undefined))) return false;
    if (!rows.every((row) => row.user !== undefined && row.item !== undefined)) return false;
  }
  return true;
}

function parsed(line: string): Row[] {
  if (!line.trimStart().startsWith("{")) return [];
  try {
    return [JSON.parse(line) as Row];
  } catch {
    return [];
  }
}

async function importFile(
  kind: RowKind,
  path: string,
  writer: RowWriter,
  { renamed, encoding }: RowFileLooks,
  progress: ProgressLine,
): Promise<ImportCounts> {
  const names = renamed ?? {};
  const rename = (row: Row): Row => Object.fromEntries(Object.entries(row).map(([name, value]) => [names[name] ?? name, value]));
  const importer = new Importer(writer, new AbortController().signal);
  for (const source of await findSources(path)) {
    const task = `importing ${kind} of ${source.name}`;
    const raw = readBytes(source, (done) => progress.report({ task, done, total: source.size }));
    const { blocks, encoding: readAs } = await readText(raw, source.name, encoding);
    if (readAs?.by === "guess") {
      progress.clear();
      progress.note(`${source.name} is not UTF-8 and was read as ${readAs.name}. If that is wrong, pass --encoding.\n`);
    }
    const first = await blocks.next();
    if (first.done) throw new RecoError("empty-data", `${source.name} is empty.`);
    const head = new TextDecoder().decode(first.value).replace(/^\ufeff/, "");
    const bytes = replayed(first.value.slice(), blocks);
    if (head.startsWith("PAR1")) await readParquet(kind, bytes, importer);
    else if (head.trimStart().startsWith("{")) {
      const flat = { ...writer, read: (row: Row) => flatRow(kind, rename(row), writer) };
      const lines = new Importer(flat, new AbortController().signal, importer.counts);
      await readJsonLines(kind, bytes, lines);
      await lines.flush(true);
    } else
      await readTable(kind, bytes, importer, {
        types: {},
        ...(Object.keys(names).length > 0 && { renamed: names }),
        sample: Number.POSITIVE_INFINITY,
        onLayout({ name, unused }) {
          progress.clear();
          const rest =
            unused.length === 0
              ? ""
              : `; not used: ${unused.slice(0, 12).join(", ")}${unused.length > 12 ? ` and ${unused.length - 12} more` : ""}`;
          progress.note(`${source.name} is read as a product export of ${name}${rest}\n`);
        },
      });
    await importer.flush(true);
  }
  return importer.counts;
}

/** JSON Lines have the properties of an item either under `properties` or beside its id. */
function flatRow(kind: RowKind, row: Row, writer: RowWriter): object | string {
  const form = kind === "events" || typeof row.properties === "object" ? row : nested(kind, row);
  return typeof form === "string" ? form : writer.read(form);
}

function noteType(properties: Map<string, string>, name: string, value: unknown): void {
  const type = Array.isArray(value) ? "list" : typeof value === "string" ? "text" : typeof value;
  const before = properties.get(name);
  properties.set(name, before === undefined || before === type ? type : "mixed");
}

/** Whether an event is older than what the store keeps. */
export function isOlder({ time }: EventInput, oldest: number): boolean {
  const at = typeof time === "string" ? Date.parse(time) : time;
  return at !== undefined && at < oldest;
}
