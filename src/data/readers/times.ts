import { parseDate } from "../moment-text.ts";
import { parseNumberText } from "./numbers.ts";

/** The unit of a time column's numbers. A `clock` only gives an order: a step, a minute of its own era, a year. */
export type TimeUnit = "seconds" | "milliseconds" | "microseconds" | "nanoseconds" | "clock";

/**
 * What {@link parseDate} says of bytes. "2019-11-24", optionally followed by " 00:01:03" or "T00:01:03Z", is read without making a string, because logs have
 * millions of these.
 */
export function parseDateBytes(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start - (bytes[end - 1] === 90 ? 1 : 0);
  const digits = (at: number, count: number) => {
    let value = 0;
    for (let i = start + at; i < start + at + count; i++) {
      const digit = bytes[i] - 48;
      if (digit < 0 || digit > 9) return Number.NaN;
      value = 10 * value + digit;
    }
    return value;
  };
  const dated = (length === 10 && end === start + 10) || length === 19;
  if (dated && bytes[start + 4] === 45 && bytes[start + 7] === 45) {
    const timed = length === 19;
    const shaped =
      !timed || ((bytes[start + 10] === 32 || bytes[start + 10] === 84) && bytes[start + 13] === 58 && bytes[start + 16] === 58);
    const [year, month, day] = [digits(0, 4), digits(5, 2), digits(8, 2)];
    const [hour, minute, second] = timed ? [digits(11, 2), digits(14, 2), digits(17, 2)] : [0, 0, 0];
    // Every month has days up to the 28th; later days take the slow path.
    if (shaped && year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 28 && hour < 24 && minute < 60 && second < 60)
      return Date.UTC(year, month - 1, day, hour, minute, second);
  }
  return parseDate(new TextDecoder().decode(bytes.subarray(start, end)));
}

/** A time from text: a plain number (in the unit of the column), or a date. */
export function parseTimeText(text: string): { form: "number" | "date"; value: number } {
  const value = parseNumberText(text);
  return Number.isNaN(value) ? { form: "date", value: parseDate(text) } : { form: "number", value };
}

const UNITS: readonly { unit: TimeUnit; from: number; to: number; toMilliseconds: number }[] = [
  // From 1973 to the year 5138, the ranges of adjacent units don't overlap.
  { unit: "seconds", from: 1e8, to: 1e11, toMilliseconds: 1000 },
  { unit: "milliseconds", from: 1e11, to: 1e14, toMilliseconds: 1 },
  { unit: "microseconds", from: 1e14, to: 1e17, toMilliseconds: 1e-3 },
  { unit: "nanoseconds", from: 1e17, to: 1e20, toMilliseconds: 1e-6 },
];

/** The unit that the largest value of a column implies. */
export function timeUnitOf(largest: number): TimeUnit {
  return UNITS.find(({ from, to }) => largest >= from && largest < to)?.unit ?? "clock";
}

/**
 * Converts times in `unit` to milliseconds since 1970, in place; a clock stays unchanged. Times in a smaller unit, as when two systems write to
 * one log, are converted from that one. @returns the number of those
 */
export function toMilliseconds(times: Float64Array, unit: TimeUnit): number {
  const main = UNITS.find((entry) => entry.unit === unit);
  if (main === undefined || main.unit === "seconds") {
    if (main !== undefined) for (let i = 0; i < times.length; i++) times[i] *= main.toMilliseconds;
    return 0;
  }
  const { from, toMilliseconds: factor } = main;
  const least = UNITS[0].from;
  let others = 0;
  for (let i = 0; i < times.length; i++) {
    const time = times[i];
    if (time < from && time >= least) {
      times[i] = time * (UNITS.find((entry) => time < entry.to)?.toMilliseconds ?? 1);
      others++;
    } else times[i] = time * factor;
  }
  return others;
}
