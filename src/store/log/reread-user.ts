import { concatEvents, type EventColumns, gatherEvents } from "../../data/event-columns.ts";
import { type ProjectLedger, rowsUntil } from "../project-ledger.ts";
import { readSegment } from "../segment.ts";
import type { LogKeeper } from "./log-keeper.ts";

/** Reads a user's events from the log again, because some were removed, and replaces what memory holds of them. */
export async function rereadUser(ledger: ProjectLedger, keeper: LogKeeper, user: number): Promise<void> {
  const until = ledger.seen;
  const rows: EventColumns[] = [];
  const arrived: EventColumns[] = [];
  const stop = ledger.onEvents((events) => arrived.push(rowsOf(events, user, events.length)));
  try {
    for await (const { sequence, bytes } of keeper.blocks()) {
      const segment = readSegment(bytes);
      rows.push(rowsOf(segment, user, rowsUntil(segment, sequence, until)));
    }
  } finally {
    stop();
  }
  const { recent, users } = ledger.events;
  recent.forget(user);
  recent.append(concatEvents([...rows, ...arrived]), 0, users.size);
}

/** The rows of a user among the first `end`. */
function rowsOf(events: EventColumns, user: number, end: number): EventColumns {
  const rows: number[] = [];
  for (let row = events.user.indexOf(user); row >= 0 && row < end; row = events.user.indexOf(user, row + 1)) rows.push(row);
  return gatherEvents(events, Uint32Array.from(rows));
}
