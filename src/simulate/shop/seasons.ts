import { DAY, nearMonth, OPENING } from "../calendar.ts";
import { runningSums } from "../draw.ts";
import { type Department, departments } from "./departments.ts";

const HOUR = 3_600_000;

/** Visits in each hour of the day (UTC): a peak at noon, a higher one in the evening. */
const hours = [
  0.35, 0.2, 0.12, 0.1, 0.12, 0.2, 0.45, 0.75, 0.95, 1.05, 1.15, 1.25, 1.4, 1.3, 1.15, 1.1, 1.15, 1.3, 1.5, 1.75, 1.9, 1.8, 1.35, 0.75,
];
/** Visits on each day of the week, from Monday. */
const weekdays = [1.05, 0.95, 0.95, 0.95, 0.9, 0.95, 1.25];

const meanHour = hours.reduce((sum, visits) => sum + visits, 0) / hours.length;

/** Visits on a day of the week, relative to the mean of all. */
export function dayTraffic(time: number): number {
  return weekdays[weekdayOf(time)];
}

/** How busy the shop is at a given time; averages about 1 over a week. */
export function traffic(time: number): number {
  return (dayTraffic(time) * hours[hourOf(time)]) / meanHour;
}

/** Share of a day's visits by the start of each hour: 25 running sums from 0 to 1. */
export const dayCourse: readonly number[] = [0, ...runningSums(hours).map((visits) => visits / (24 * meanHour))];

/**
 * How much more each department is wanted at a given time than at its lowest, as a utility: the log of the product of its lifts, by department index.
 * Constant during an hour; do not modify it.
 */
export function seasons(time: number): Float64Array {
  const hour = Math.floor(time / HOUR);
  if (hour !== latest.hour) latest = { hour, lifts: Float64Array.from(departments, (department) => season(department, hour * HOUR)) };
  return latest.lifts;
}

/** Time advances hour by hour, so caching one hour is enough. */
let latest = { hour: Number.NaN, lifts: new Float64Array() };

function season({ season, hour, weekend }: Department, time: number): number {
  let lift = 1;
  if (season !== undefined) lift *= 1 + season.lift * nearMonth((time - OPENING) / DAY, season.month);
  if (hour !== undefined) {
    const apart = Math.abs(hourOf(time) - hour.at);
    lift *= 1 + hour.lift * Math.exp(-0.5 * (Math.min(apart, 24 - apart) / 2) ** 2);
  }
  if (weekend !== undefined && weekdayOf(time) >= 5) lift *= 1 + weekend;
  return Math.log(lift);
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(time: number): number {
  return ((Math.floor((time - OPENING) / DAY) % 7) + 7) % 7;
}

/** 0 to 23. */
export function hourOf(time: number): number {
  return Math.floor((((time % DAY) + DAY) % DAY) / HOUR);
}
