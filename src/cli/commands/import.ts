import { basename } from "node:path";
import { Option } from "commander";
import type { Dataset } from "../../data/dataset.ts";
import type { EntityInput, PropertyValue } from "../../data/entities.ts";
import type { EventInput } from "../../data/events.ts";
import type { FeatureTable } from "../../data/features.ts";
import { MISSING } from "../../data/features.ts";
import type { Vocabulary } from "../../data/vocabulary.ts";
import { RecoError } from "../../util/errors.ts";
import { refuseCatalog } from "../catalog-guard.ts";
import { addDataFlags, type DataFlags, readData } from "../data-flags.ts";
import { defineCommand } from "../define-command.ts";
import { type ImportTarget, projectTarget, serverTarget } from "../import-target.ts";
import { counted } from "../numbers.ts";
import { addOutputFlags, jsonText, type OutputFlags } from "../output.ts";
import { type ProgressLine, progressLine } from "../progress-line.ts";
import { type Terminal, write } from "../terminal.ts";

interface Flags extends OutputFlags, DataFlags {
  readonly eventType?: string;
  readonly server?: string;
  readonly key?: string;
  readonly project?: string;
  readonly config?: string;
  readonly store?: string;
}

interface Counts {
  events: number;
  duplicates: number;
  rejected: number;
  firstRejected: string | undefined;
}

/** `recobase import FILE`: loads past events into a store or a running server. */
export default defineCommand<Flags>({
  name: "import",
  description: "Load interactions, and properties of items and users, into a store or a running server",
  group: "Server",
  arguments: { "<file...>": 'interactions; "-" for standard input' },
  flags(command) {
    command.option("--event-type <name>", 'event type of rows without one (default: "rating" if the data has ratings, otherwise "view")');
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
  const progress = progressLine(terminal, flags.quiet === true);
  const data = await readData(files, { ...flags, repeats: flags.repeats ?? "all" }, progress);
  refuseCatalog(data);
  const { target, place, close } = await openTarget(flags);
  try {
    const items = await entities(data.items, data.itemFeatures, (rows) => target.items(rows), "items", progress);
    const users = await entities(data.users, data.userFeatures, (rows) => target.users(rows), "users", progress);
    const source = files.map((file) => basename(file)).join(",");
    const counts = await events(data, eventType(data, flags), source, target, progress);
    progress.clear();
    await report({ ...counts, items, users, place }, flags, terminal);
  } finally {
    await close();
  }
}

async function openTarget(flags: Flags): Promise<{ target: ImportTarget; place: string; close(): Promise<void> }> {
  if (flags.server !== undefined)
    return { target: serverTarget(flags.server, flags.key, flags.project), place: flags.server, close: async () => {} };
  const [{ loadConfig }, { openEngine }] = await Promise.all([
    import("../../engine/config/load-config.ts"),
    import("../../engine/open-engine.ts"),
  ]);
  const environment = { ...process.env, ...(flags.store !== undefined && { RECOBASE_STORE: flags.store }) };
  const { config } = await loadConfig(flags.config, environment);
  const engine = await openEngine(config);
  const name = flags.project ?? "default";
  const project = engine.store.projects().includes(name) ? engine.project(name) : await engine.createProject(name);
  return { target: projectTarget(project), place: config.store ?? "recobase.db", close: () => engine.close() };
}

function eventType(data: Dataset, { eventType }: Flags): (row: number) => string {
  const { type, weight } = data.interactions;
  const only = eventType ?? (weight === undefined ? "view" : "rating");
  return (row) => (type === undefined ? only : data.eventTypes[type[row]] || only);
}

const BATCH = 5000;

/** Each row gets a key made of file name and position, so that an interrupted import can be rerun. */
async function events(
  data: Dataset,
  typeOf: (row: number) => string,
  source: string,
  target: ImportTarget,
  progress: ProgressLine,
): Promise<Counts> {
  const { user, item, weight, time, session, context } = data.interactions;
  const now = Date.now();
  const counts: Counts = { events: 0, duplicates: 0, rejected: 0, firstRejected: undefined };
  for (let from = 0; from < data.size; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, data.size - from) }, (_, i): EventInput => {
      const row = from + i;
      return {
        user: String(data.users.id(user[row])),
        item: String(data.items.id(item[row])),
        type: typeOf(row),
        ...(weight !== undefined && { value: weight[row] }),
        time: time === undefined || Number.isNaN(time[row]) ? now : Math.round(time[row]),
        ...(session !== undefined && { session: `${source}:${session[row]}` }),
        ...(context !== undefined && { context: propertiesAt(context, row) as EventInput["context"] }),
        key: `${source}:${row}`,
      };
    });
    const { written, duplicates, rejected } = await target.events(rows);
    counts.events += written;
    counts.duplicates += duplicates;
    counts.rejected += rejected.length;
    counts.firstRejected ??= rejected[0];
    progress.report({ task: "writing events", done: from + rows.length, total: data.size });
  }
  return counts;
}

async function entities(
  ids: Vocabulary,
  features: FeatureTable,
  send: (rows: readonly EntityInput[]) => Promise<void>,
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

async function report(result: Counts & { items: number; users: number; place: string }, flags: Flags, terminal: Terminal): Promise<void> {
  const { events, duplicates, rejected, firstRejected, items, users, place } = result;
  if (flags.json) return write(terminal.output, jsonText("import@1", { events, duplicates, rejected, items, users, place }));
  const parts = [counted(events, "event"), ...(items > 0 ? [counted(items, "item")] : []), ...(users > 0 ? [counted(users, "user")] : [])];
  const lines = [
    `Wrote ${parts.join(", ")} to ${place}.`,
    ...(duplicates > 0 ? [`Skipped ${counted(duplicates, "event")} imported before.`] : []),
    ...(rejected > 0 ? [`Rejected ${counted(rejected, "event")}. The first reason: ${firstRejected}`] : []),
  ];
  if (!flags.quiet) await write(terminal.output, `${lines.join("\n")}\n`);
}
