import { parseNumberText } from "./numbers.ts";

/** The unit of a time column's numbers. A `clock` only gives an order: a step, a minute of its own era, a year. */
export type TimeUnit = "seconds" | "milliseconds" | "microseconds" | "nanoseconds" | "clock";

const ISO =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;
const NAMED_MONTH = /\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;
const ZONE = /(Z|UTC|GMT|[+-]\d{2}:?\d{2})(\s*\(.*\))?$/i;

/**
 * Milliseconds since 1970 for a date with the year first (ISO 8601 and looser variants) or with a month name ("Wed Jan  1 19:59:00 2003",
 * "01-Jan-1995"); NaN for anything else. UTC unless a zone is given. All-digit dates with the year last are rejected, because 3/4/2020 can be in
 * March or in April.
 */
export function parseDate(text: string): number {
  const trimmed = text.trim();
  const match = ISO.exec(trimmed);
  if (match === null) return NAMED_MONTH.test(trimmed) ? Date.parse(ZONE.test(trimmed) ? trimmed : `${trimmed} UTC`) : Number.NaN;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 24 || minute > 59 || second > 60) return Number.NaN;
  const fraction = match[7] === undefined ? 0 : Number(`0.${match[7]}`) * 1000;
  return Date.UTC(year, month - 1, day, hour, minute, second) + fraction - zoneOffset(match[8]);
}

/**
 * The same for bytes. "2019-11-24", optionally followed by " 00:01:03" or "T00:01:03Z", is read without making a string, because logs have
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

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function zoneOffset(zone: string | undefined): number {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(":", "") || 0);
  return (zone[0] === "-" ? -1 : 1) * minutes * 60_000;
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

/** Converts times in `unit` to milliseconds since 1970, in place; a clock stays unchanged. */
export function toMilliseconds(times: Float64Array, unit: TimeUnit): void {
  const factor = UNITS.find((entry) => entry.unit === unit)?.toMilliseconds ?? 1;
  if (factor !== 1) for (let i = 0; i < times.length; i++) times[i] *= factor;
}
