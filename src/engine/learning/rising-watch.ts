import type { EventColumns } from "../../data/event-columns.ts";
import { Newcomers } from "../../pipeline/sources/newcomers.ts";

const DAY = 86_400_000;
/** Events of a day that make a rise, and how many times those of the day before. */
const LEAST = 20;
const TIMES = 5;
/** How far beyond chance the share of new users must be, in standard deviations. */
const BEYOND_CHANCE = 4;

interface Count {
  events: number;
  newcomers: number;
}

/** An item that rose in a day, mainly by users who had never been here before. */
export interface SuddenRise {
  /** Item index. */
  readonly item: number;
  /** Events of the day, and those of new users. */
  readonly events: number;
  readonly newcomers: number;
}

/**
 * Watches for items that invented visitors lift: many more events than the day before, of which more are of new users than chance explains, given the share
 * of new users in all events of that day. Keeps the counts of two days.
 */
export class RisingWatch {
  readonly name = "The watch for sudden rises";
  private readonly newcomers = new Newcomers();
  private day = Number.NEGATIVE_INFINITY;
  private today = new Map<number, Count>();
  private yesterday = new Map<number, Count>();
  private all: Count = { events: 0, newcomers: 0 };

  observe({ length, user, item, time }: EventColumns): void {
    for (let e = 0; e < length; e++) {
      const isNew = this.newcomers.shareOf(user[e], time[e]) < 1;
      const day = Math.floor(time[e] / DAY);
      if (day > this.day) this.turnTo(day);
      if (day < this.day - 1) continue;
      const counts = day === this.day ? this.today : this.yesterday;
      let count = counts.get(item[e]);
      if (count === undefined) {
        count = { events: 0, newcomers: 0 };
        counts.set(item[e], count);
      }
      for (const one of day === this.day ? [count, this.all] : [count]) {
        one.events++;
        if (isNew) one.newcomers++;
      }
    }
  }

  /** The sudden rises of the day of `now`, the largest first. */
  rises(now: number): SuddenRise[] {
    if (Math.floor(now / DAY) !== this.day) return [];
    const found: SuddenRise[] = [];
    for (const [item, { events, newcomers }] of this.today) {
      if (events < LEAST || events < TIMES * (this.yesterday.get(item)?.events ?? 0)) continue;
      const others = this.all.events - events;
      // With few other events, half of a newcomer and of a regular keep the share off 0 and 1.
      const usual = (this.all.newcomers - newcomers + 0.5) / (others + 1);
      if (newcomers - events * usual < BEYOND_CHANCE * Math.sqrt(events * usual * (1 - usual))) continue;
      found.push({ item, events, newcomers });
    }
    return found.sort((a, b) => b.newcomers - a.newcomers);
  }

  private turnTo(day: number): void {
    this.yesterday = day === this.day + 1 ? this.today : new Map();
    this.today = new Map();
    this.all = { events: 0, newcomers: 0 };
    this.day = day;
  }
}
