import type { EventColumns } from "../../data/event-columns.ts";
/** Totals as they are written down; times are null while there is no event. */
export interface TotalsRecord {
  readonly events: number;
  readonly byType: readonly number[];
  readonly from: number | null;
  readonly to: number | null;
}

/** Counts of events, and the times between which they lie. */
export class Totals {
  events = 0;
  /** By index of event type. */
  byType: number[] = [];
  /** NaN while there is none. */
  from = Number.NaN;
  to = Number.NaN;
  /** Between which times the events lie that were counted since {@link watch}. */
  arrived = { from: Number.NaN, to: Number.NaN };

  /** Begins to note the times of events that come from now on. */
  watch(): void {
    this.arrived = { from: Number.NaN, to: Number.NaN };
  }

  /** Counts rows from `start` on. */
  add({ length, type, time }: EventColumns, start: number): void {
    if (start >= length) return;
    let from = time[start];
    let to = from;
    const counts = new Float64Array(256);
    for (let i = start; i < length; i++) {
      counts[type[i]]++;
      if (time[i] < from) from = time[i];
      else if (time[i] > to) to = time[i];
    }
    counts.forEach((count, t) => {
      if (count > 0) this.byType[t] = (this.byType[t] ?? 0) + count;
    });
    this.events += length - start;
    for (const span of [this, this.arrived]) {
      if (!(from >= span.from)) span.from = from;
      if (!(to <= span.to)) span.to = to;
    }
  }

  set({ events, byType, from, to }: TotalsRecord): void {
    this.events = events;
    this.byType = [...byType];
    this.from = from ?? Number.NaN;
    this.to = to ?? Number.NaN;
  }
}
