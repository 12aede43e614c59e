import type { Segment } from "../segment.ts";
import { IdTable } from "./id-table.ts";
import { KeyTable } from "./key-table.ts";
import { RecentLog } from "./recent-log.ts";
import { Totals } from "./totals.ts";

/** The in-memory index of a project's event log: ids, newest events, idempotency keys and counts. */
export class EventIndex {
  readonly users = new IdTable();
  readonly items = new IdTable();
  readonly types = new IdTable();
  /** The ids of `types`. */
  readonly typeNames: string[] = [];
  readonly keys = new KeyTable();
  readonly totals = new Totals();
  readonly recent: RecentLog;

  constructor(recentLimit: number) {
    this.recent = new RecentLog(recentLimit);
  }

  /**
   * Adds the next segment of the log.
   *
   * @param start the first row not yet in the index
   * @param countFrom the first row not yet counted in the totals
   */
  apply(segment: Segment, start: number, countFrom: number): void {
    const { users, items, types, keys } = segment;
    addIds(this.users, users);
    addIds(this.items, items);
    addIds(this.types, types);
    for (let i = this.typeNames.length; i < this.types.size; i++) this.typeNames.push(this.types.id(i) ?? "");
    if (keys !== undefined) this.keys.add(keys, start);
    this.recent.append(segment, start, this.users.size);
    this.totals.add(segment, countFrom);
  }
}

/** Adds ids that are new. A merged segment may contain known ones. */
function addIds(table: IdTable, { base, ids }: Segment["users"]): void {
  for (let i = Math.max(0, table.size - base); i < ids.length; i++) table.add(ids[i]);
}
