import { Option } from "commander";
import type { Dataset } from "../../data/dataset.ts";
import type { EntityInput, PropertyValue } from "../../data/entities.ts";
import type { EventInput } from "../../data/events.ts";
import type { FeatureTable } from "../../data/features.ts";
import { MISSING } from "../../data/features.ts";
import { Groups } from "../../data/readers/moments.ts";
import type { Vocabulary } from "../../data/vocabulary.ts";
import { configDuration } from "../../engine/config/check-value.ts";
import { type ImportCounts, Importer } from "../../engine/transfer/importer.ts";
import { rowWriter } from "../../engine/transfer/row-writer.ts";
import { RecoError } from "../../util/errors.ts";
import { refuseCatalog } from "../catalog-guard.ts";
import { addDataFlags, type DataFlags, readData } from "../data-flags.ts";
import { defineCommand } from "../define-command.ts";
import { type ImportTarget, serverTarget } from "../import-target.ts";
import { counted } from "../numbers.ts";
import { addOutputFlags, jsonText, type OutputFlags } from "../output.ts";
import { type ProgressLine, progressLine } from "../progress-line.ts";
import { hasEventLines, importEntities, importEventLines, isOlder } from "../row-file.ts";
import { rowLines } from "../row-lines.ts";
import { type Terminal, write } from "../terminal.ts";

interface Flags extends OutputFlags, DataFlags {
  readonly eventType?: string;
  readonly server?: string;
  readonly key?: string;
  readonly project?: string;
  readonly config?: string;
  readonly store?: string;
  readonly items?: string;
  readonly users?: string;
  readonly map?: string;
}

/** What an import did. */
interface Result {
  events: number;
  duplicates: number;
  refused: number;
  items: number;
  users: number;
  /** Events older than the retention. */
  old: number;
  /** Where the first bad rows are, and why. */
  readonly reasons: string[];
  /** What looks misspelled, each once. */
  readonly warnings: string[];
  readonly place: string;
  readonly retention: string | undefined;
}

/** `recobase import FILE`: loads past events into a store or a running server. */
export default defineCommand<Flags>({
  name: "import",
  description: "Load interactions, and properties of items and users, into a store or a running server",
  group: "Server",
  arguments: { "[file...]": 'interactions; "-" for standard input' },
  flags(command) {
    command.option("--event-type <name>", 'event type of rows without one (default: "rating" if the data has ratings, otherwise "view")');
    command.option("--items <file>", "items: a column id, and a property per further column (CSV, TSV, JSON Lines or Parquet)");
    command.option("--users <file>", "users, in the same form");
    command.option("--map <column=name,...>", "other names for columns of --items and --users, such as sku=id,name=title");
    const group = (option: Option) => command.addOption(option.helpGroup("Destination:"));
    group(new Option("--server <address>", "address of a running server, such as http://127.0.0.1:7700"));
    group(new Option("--key <key>", "secret or admin key for that server (default: $RECOBASE_KEY)").env("RECOBASE_KEY"));
    group(new Option("--project <name>", 'project to load into (default: "default")'));
    group(new Option("--config <path>", "configuration that names the store (default: recobase.config.ts in this folder)"));
    group(new Option("--store <place>", "store to write to: a file or a postgres:// address (default: recobase.db)"));
    addOutputFlags(addDataFlags(command, "all"));
  },
  run: importFiles,
});

async function importFiles(files: readonly string[], flags: Flags, terminal: Terminal): Promise<void> {
  if (flags.basket !== undefined)
    throw new RecoError("bad-input", "Events have no baskets, so --basket can't be imported. Use --session or --context instead.");
  if (files.length === 0 && flags.items === undefined && flags.users === undefined)
    throw new RecoError("bad-input", "Nothing to import. Pass a file of events, or --items FILE or --users FILE.");
  const progress = progressLine(terminal, flags.quiet === true);
  const asLines =
    files.length > 0 &&
    !readerFlags.some((name) => flags[name] !== undefined) &&
    (await all(files, (file) => hasEventLines(file, flags.encoding)));
  const groups = new Groups();
  const data =
    files.length === 0 || asLines ? undefined : await readData(files, { ...flags, repeats: flags.repeats ?? "all" }, progress, groups);
  if (data !== undefined) refuseCatalog(data);
  const { target, place, retention, close } = await openTarget(flags);
  try {
    const result: Result = {
      events: 0,
      duplicates: 0,
      refused: 0,
      items: 0,
      users: 0,
      old: 0,
      reasons: [],
      warnings: [],
      place,
      retention,
    };
    const noted = noting(target, result, retention);
    for (const kind of ["items", "users"] as const) {
      const path = flags[kind];
      if (path === undefined) continue;
      const { counts, properties } = await importEntities(
        kind,
        path,
        noted,
        { renamed: renamedColumns(flags.map), encoding: flags.encoding },
        progress,
      );
      result[kind] += counts.written;
      addBad(result, counts, path);
      progress.clear();
      const types = [...properties].map(([name, type]) => `${name} (${type})`).join(", ");
      progress.note(`${path}: ${counted(counts.rows, "row")}${types === "" ? "" : `; properties: ${types}`}\n`);
    }
    if (asLines)
      for (const path of files) {
        const { counts, ignored } = await importEventLines(path, noted, { usualType: flags.eventType, encoding: flags.encoding }, progress);
        addEvents(result, counts);
        addBad(result, counts, path);
        if (ignored.length > 0) progress.note(`${path}: not imported, because events have no such fields: ${ignored.join(", ")}\n`);
      }
    if (data !== undefined) {
      result.items += await entities(data.items, data.itemFeatures, (rows) => noted.putItems(rows), "items", progress);
      result.users += await entities(data.users, data.userFeatures, (rows) => noted.putUsers(rows), "users", progress);
      await events(data, files, {
        typeOf: eventType(data, flags),
        sessions: groups.session.names(),
        encoding: flags.encoding,
        target: noted,
        progress,
        result,
      });
    }
    progress.clear();
    await report(result, flags, terminal);
    if (result.refused > 0 && flags.onError !== "skip")
      throw new RecoError(
        "bad-data",
        `${counted(result.refused, "row")} could not be imported; the others were:\n  ${result.reasons.join("\n  ")}\nMend and import the file again (what is known is skipped), or pass --on-error skip.`,
      );
    if (result.events + result.duplicates === 0 && files.length > 0)
      throw new RecoError("empty-data", `No event of ${files.join(", ")} was imported.`);
  } finally {
    await close();
  }
}

/** Flags about columns and filters, which are read as a table of interactions. */
const readerFlags = [
  ..."layout user item rating time type session context format timeFormat timeZone delimiter header repeats".split(" "),
  ..."events minRating from to kCore".split(" "),
] as (keyof Flags)[];

async function all(files: readonly string[], test: (file: string) => Promise<boolean>): Promise<boolean> {
  for (const file of files) if (!(await test(file))) return false;
  return true;
}

/** The target, noting on the way events that are older than the store keeps, and warnings. */
function noting(target: ImportTarget, result: Result, retention: string | undefined): ImportTarget {
  const oldest = retention === undefined ? Number.NEGATIVE_INFINITY : Date.now() - configDuration(retention, "retention");
  const warned = async <T extends { readonly warnings?: readonly string[] }>(written: Promise<T>): Promise<T> => {
    const answer = await written;
    for (const warning of answer.warnings ?? []) if (!result.warnings.includes(warning)) result.warnings.push(warning);
    return answer;
  };
  return {
    ingest(rows) {
      if (retention !== undefined) for (const event of rows) if (isOlder(event, oldest)) result.old++;
      return warned(target.ingest(rows));
    },
    putItems: (items) => warned(target.putItems(items)),
    putUsers: (users) => warned(target.putUsers(users)),
  };
}

function addEvents(result: Result, { written, duplicates }: ImportCounts): void {
  result.events += written;
  result.duplicates += duplicates;
}

const SHOWN = 5;

function addBad(result: Result, { bad, badRows }: ImportCounts, path: string): void {
  result.refused += bad;
  for (const { line, message } of badRows) if (result.reasons.length < SHOWN) result.reasons.push(`${path}:${line}: ${message}`);
}

/** "sku=id,name=title" as names by column. */
function renamedColumns(text: string | undefined): Record<string, string> {
  return Object.fromEntries(
    (text ?? "").split(",").flatMap((pair) => {
      if (pair.trim() === "") return [];
      const [column, name, more] = pair.split("=").map((part) => part.trim());
      if (!column || !name || more !== undefined)
        throw new RecoError("bad-input", `--map must be COLUMN=NAME,…, such as sku=id,name=title, but has "${pair}".`);
      return [[column, name]];
    }),
  );
}

async function openTarget(
  flags: Flags,
): Promise<{ target: ImportTarget; place: string; retention: string | undefined; close(): Promise<void> }> {
  if (flags.server !== undefined)
    return {
      target: serverTarget(flags.server, flags.key, flags.project),
      place: flags.server,
      retention: undefined,
      close: async () => {},
    };
  const [{ loadConfig }, { builtIn }, { openEngine }, { resolveProject }] = await Promise.all([
    import("../../engine/config/load-config.ts"),
    import("../../engine/config/check-config.ts"),
    import("../../engine/open-engine.ts"),
    import("../../engine/config/config.ts"),
  ]);
  const environment = { ...process.env, ...(flags.store !== undefined && { RECOBASE_STORE: flags.store }) };
  const { config } = await loadConfig(flags.config, environment, builtIn());
  const { retention } = resolveProject(config, flags.project ?? "default");
  const engine = await openEngine(config);
  const name = flags.project ?? "default";
  const project = engine.store.projects().includes(name) ? engine.project(name) : await engine.createProject(name);
  return { target: project, place: config.store ?? "recobase.db", retention, close: () => engine.close() };
}

function eventType(data: Dataset, { eventType }: Flags): (row: number) => string {
  const { type, weight } = data.interactions;
  const only = eventType ?? (weight === undefined ? "view" : "rating");
  return (row) => (type === undefined ? only : data.eventTypes[type[row]] || only);
}

function isOrder(data: Dataset): boolean {
  return data.provenance.find(({ step }) => step === "load")?.timeUnit === "clock";
}

function boundsOf(time: Float64Array): { least: number; most: number } {
  const known = time.filter((one) => !Number.isNaN(one));
  return {
    least: known.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY),
    most: known.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY),
  };
}

const BATCH = 5000;

/** Writes the rows of a dataset. Each gets a key made of its content, so that an import can be repeated. */
async function events(
  data: Dataset,
  files: readonly string[],
  {
    typeOf,
    sessions,
    encoding,
    target,
    progress,
    result,
  }: {
    readonly typeOf: (row: number) => string;
    readonly sessions: ReadonlyMap<number, string>;
    readonly encoding: string | undefined;
    readonly target: ImportTarget;
    readonly progress: ProgressLine;
    readonly result: Result;
  },
): Promise<void> {
  const { user, item, weight, time, session, context } = data.interactions;
  const eventOf = (row: number): EventInput => {
    const visit = session === undefined ? undefined : sessions.get(session[row]);
    return {
      user: String(data.users.id(user[row])),
      item: String(data.items.id(item[row])),
      type: typeOf(row),
      ...(weight !== undefined && { value: weight[row] }),
      ...(time !== undefined && !Number.isNaN(time[row]) && { time: orders === undefined ? Math.round(time[row]) : time[row] }),
      ...(visit !== undefined && { session: visit }),
      ...(context !== undefined && { context: propertiesAt(context, row) as EventInput["context"] }),
    };
  };
  const orders = time !== undefined && isOrder(data) ? boundsOf(time) : undefined;
  if (orders !== undefined) {
    progress.clear();
    progress.note(
      `The times are an order (${orders.least} to ${orders.most}), not dates. The events keep it, and count as having happened in the last 24 hours.\n`,
    );
  }
  const importer = new Importer(rowWriter("events", target, { orders }), new AbortController().signal);
  for (let row = 0; row < data.size; row++) {
    importer.add(row, eventOf(row) as unknown as Record<string, unknown>);
    if ((row + 1) % BATCH !== 0) continue;
    await importer.flush();
    progress.report({ task: "writing events", done: row + 1, total: data.size });
  }
  await importer.flush(true);
  const { counts } = importer;
  addEvents(result, counts);
  result.refused += counts.bad;
  const shown = counts.badRows.slice(0, SHOWN);
  if (shown.length === 0) return;
  const places = await rowLines(
    files,
    shown.map(({ line }) => eventOf(line)),
    encoding,
  );
  result.reasons.push(...shown.map(({ message }, i) => `${places[i]}: ${message}`));
}

async function entities(
  ids: Vocabulary,
  features: FeatureTable,
  send: (rows: readonly EntityInput[]) => Promise<unknown>,
  what: string,
  progress: ProgressLine,
): Promise<number> {
  if (Object.keys(features).length === 0) return 0;
  for (let from = 0; from < ids.size; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, ids.size - from) }, (_, i) => ({
      id: String(ids.id(from + i)),
      properties: propertiesAt(features, from + i),
    }));
    await send(rows);
    progress.report({ task: `writing ${what}`, done: from + rows.length, total: ids.size });
  }
  return ids.size;
}

/** The properties of one entry, without missing values. */
function propertiesAt(features: FeatureTable, index: number): Record<string, PropertyValue> {
  const properties: Record<string, PropertyValue> = {};
  for (const [name, column] of Object.entries(features)) {
    switch (column.type) {
      case "number":
      case "time":
        if (!Number.isNaN(column.values[index])) properties[name] = column.values[index];
        break;
      case "text":
        if (column.values[index] !== "") properties[name] = column.values[index];
        break;
      case "category":
        if (column.codes[index] !== MISSING) properties[name] = column.names[column.codes[index]];
        break;
      case "categories":
        properties[name] = Array.from(
          column.codes.subarray(column.offsets[index], column.offsets[index + 1]),
          (code) => column.names[code],
        );
        break;
      case "vector": {
        const values = column.values.subarray(index * column.dimensions, (index + 1) * column.dimensions);
        if (!Number.isNaN(values[0])) properties[name] = Array.from(values);
        break;
      }
      case "place":
        if (!Number.isNaN(column.latitude[index])) properties[name] = [column.latitude[index], column.longitude[index]];
    }
  }
  return properties;
}

async function report(result: Result, flags: Flags, terminal: Terminal): Promise<void> {
  const { events, duplicates, refused, reasons, warnings, items, users, place, old, retention } = result;
  for (const warning of warnings) await write(terminal.errors, `Warning: ${warning}\n`);
  if (flags.json) {
    if (refused === 0 || flags.onError === "skip")
      await write(terminal.output, jsonText("import@1", { events, duplicates, refused, items, users, place }));
    return;
  }
  const parts = [counted(events, "event"), ...(items > 0 ? [counted(items, "item")] : []), ...(users > 0 ? [counted(users, "user")] : [])];
  const lines = [
    `Wrote ${parts.join(", ")} to ${place}.`,
    ...(duplicates > 0 ? [`Skipped ${counted(duplicates, "event")} imported before.`] : []),
    ...(refused > 0 ? [`Refused ${counted(refused, "row")}. The first reason: ${reasons[0]}`] : []),
    ...(old > 0 ? [`${counted(old, "event")} older than the retention of ${retention} will be removed at the next start.`] : []),
  ];
  if (!flags.quiet) await write(terminal.output, `${lines.join("\n")}\n`);
}
