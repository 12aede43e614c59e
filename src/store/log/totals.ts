import type { EventColumns } from "../../data/event-columns.ts";
/** Totals as stored; times are null while there are no events. */
export interface TotalsRecord {
  readonly events: number;
  readonly byType: readonly number[];
  readonly from: number | null;
  readonly to: number | null;
}

/** Event counts, and the time span of the events. */
export class Totals {
  events = 0;
  /** By event type index. */
  byType: number[] = [];
  /** NaN while there are no events. */
  from = Number.NaN;
  to = Number.NaN;
  /** Time span of the events counted since {@link watch}. */
  arrived = { from: Number.NaN, to: Number.NaN };

  /** Starts tracking the times of new events. */
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
