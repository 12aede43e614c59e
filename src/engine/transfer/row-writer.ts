import { type EntityInput, entityFlaw } from "../../data/entities.ts";
import { type EventInput, eventFlaw } from "../../data/events.ts";
import { parseDate } from "../../data/moment-text.ts";
import type { Written } from "../catalog.ts";
import type { IngestResult } from "../engine.ts";
import { type ORDERS, orderClock } from "./event-clock.ts";
import type { RowKind, RowWriter } from "./importer.ts";
import { RowKeys } from "./row-keys.ts";

/** The methods of a project that take rows. */
export interface RowVerbs {
  ingest(events: readonly EventInput[]): Promise<IngestResult>;
  putItems(items: readonly EntityInput[]): Promise<Written>;
  putUsers(users: readonly EntityInput[]): Promise<Written>;
}

/**
 * Writes the rows of one file of a kind to a project, with the same checks as in a request. Events without a key get one. Those without a time
 * all get the time of the import, which tells training that the data has none.
 *
 * @param orders if given, the `time` of an event is its place in an order within these bounds
 * @param readTime if given, reads the `time` of an event, which has a form of its own
 */
export function rowWriter(
  kind: RowKind,
  project: RowVerbs,
  { orders, readTime }: { readonly orders?: typeof ORDERS | undefined; readonly readTime?: ((text: string) => number) | undefined } = {},
): RowWriter {
  const keys = new RowKeys();
  const start = Date.now();
  const clock = orderClock(start, orders);
  if (kind === "events")
    return {
      read(row) {
        const event = timed(withoutNulls(row), "time", readTime);
        const { time } = event;
        if (time === undefined || orders === undefined)
          return eventFlaw(event)?.message ?? at(start, keys.keyed(event as unknown as EventInput));
        if (typeof time !== "number" || time < orders.least || time > orders.most)
          return `time must be an order, a number from ${orders.least} to ${orders.most}, but is ${JSON.stringify(row.time)}.`;
        const placed = { ...event, time: clock(time) };
        // The key is made of the order, because the time depends on when the import began.
        return eventFlaw(placed)?.message ?? { ...keys.keyed(event as unknown as EventInput), time: placed.time };
      },
      async write(rows) {
        const { accepted, duplicates, refused, warnings = [] } = await project.ingest(rows as EventInput[]);
        return { written: accepted, duplicates, refused, warnings };
      },
    };
  return {
    read(row) {
      // Exports include these times, but the store sets them itself.
      const { created: _created, updated: _updated, ...rest } = withoutNulls(row);
      if (kind === "users" && rest.hidden === false) delete rest.hidden;
      const entity = timed(rest, "expires");
      return entityFlaw(kind === "items" ? "item" : "user", entity)?.message ?? { ...entity, properties: entity.properties ?? {} };
    },
    async write(rows) {
      // If an id appears twice, the last row counts.
      const last = [...new Map((rows as EntityInput[]).map((row) => [row.id, row])).values()];
      const { warnings = [] } = await (kind === "items" ? project.putItems(last) : project.putUsers(last));
      return { written: last.length, duplicates: rows.length - last.length, refused: [], warnings };
    },
  };
}

function at(time: number, event: EventInput): EventInput {
  return event.time === undefined ? { ...event, time } : event;
}

function withoutNulls(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...row };
  for (const name in copy) if (copy[name] === null) delete copy[name];
  return copy;
}

/** Files may write times more loosely than requests. What can't be read stays, and the check rejects it. */
function timed(row: Record<string, unknown>, field: string, readTime?: (text: string) => number): Record<string, unknown> {
  const time = row[field];
  if (typeof time !== "string" || time === "") return row;
  const milliseconds = readTime !== undefined ? readTime(time) : /^\d+$/.test(time) ? Number(time) : parseDate(time);
  if (!Number.isNaN(milliseconds)) row[field] = milliseconds;
  return row;
}
