const ISO =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"] as const;
const MONTH = `(?<month>${MONTHS.join("|")})[a-z]*\\.?`;
const WEEKDAY = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\\.?,?\\s+)?";
const CLOCK = "(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2})(?:[.,](?<fraction>\\d+))?)?\\s*(?<half>[ap]m)?";
const ZONE = "(?<zone>Z|(?:UTC|GMT|UT)?(?:[+-]\\d{2}(?::?\\d{2})?)?|[ECMP][SD]T)(?:\\s*\\(.*\\))?";
const DAY = "(?<day>\\d{1,2})(?:st|nd|rd|th)?";
const NAMED = [
  // 31 Jan 2024, 01-Jan-1995 10:00, Wed, 01 Jan 2003 19:59:00 GMT, 10/Oct/2000:13:55:36 -0700
  `${DAY}[-/\\s]+${MONTH}[-/,\\s]+(?<year>\\d{4}|\\d{2})(?:[T,:\\s]+${CLOCK}\\s*${ZONE})?`,
  // January 31, 2024 10:00 PM, Wed Jan 01 2003 19:59:00 GMT+0000
  `${MONTH}[-/\\s]+${DAY}[-/,\\s]+(?<year>\\d{4})(?:[T,\\s]+${CLOCK}\\s*${ZONE})?`,
  // Wed Jan  1 19:59:00 UTC 2003
  `${MONTH}\\s+${DAY},?\\s+${CLOCK}\\s*${ZONE}\\s+(?<year>\\d{4})`,
  // 2024-Jan-31
  `(?<year>\\d{4})[-/\\s]+${MONTH}[-/\\s]+${DAY}(?:[T,\\s]+${CLOCK}\\s*${ZONE})?`,
].map((form) => new RegExp(`^${WEEKDAY}${form}$`, "i"));
const NAMED_MONTH = new RegExp(MONTHS.join("|"), "i");

/** Hours of the named zones that mail and logs use. */
const ZONES: Readonly<Record<string, number>> = { EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7 };

/**
 * Milliseconds since 1970 for a date with the year first (ISO 8601 and looser variants) or with a month name ("Wed Jan  1 19:59:00 2003",
 * "01-Jan-1995"); NaN for anything else, and for days and times of day that don't exist. UTC unless a zone is given. All-digit dates with the
 * year last are rejected, because 3/4/2020 can be in March or in April.
 */
export function parseDate(text: string): number {
  const trimmed = text.trim();
  const match = ISO.exec(trimmed);
  if (match === null) return NAMED_MONTH.test(trimmed) ? parseNamed(trimmed) : Number.NaN;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  return timeFrom([year, month, day], [hour, minute, second], match[7], match[8]);
}

function parseNamed(text: string): number {
  for (const form of NAMED) {
    const found = form.exec(text)?.groups;
    if (found === undefined) continue;
    const { day, month, hour = "0", minute = "0", second = "0", fraction, half, zone } = found;
    let year = Number(found.year);
    if (found.year.length === 2) year += year < 50 ? 2000 : 1900;
    let hours = Number(hour);
    if (half !== undefined) {
      if (hours < 1 || hours > 12) return Number.NaN;
      hours = (hours % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
    }
    const number = (MONTHS as readonly string[]).indexOf(month.toLowerCase()) + 1;
    return timeFrom([year, number, Number(day)], [hours, Number(minute), Number(second)], fraction, zone);
  }
  return Number.NaN;
}

type Three = readonly [number, number, number];

function timeFrom(
  [year, month, day]: Three,
  [hour, minute, second]: Three,
  fraction: string | undefined,
  zone: string | undefined,
): number {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return Number.NaN;
  // 24:00 is the end of a day, and second 60 a leap second.
  if (minute > 59 || second > 60 || hour > 24 || (hour === 24 && minute + second > 0)) return Number.NaN;
  const rest = fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000;
  return Date.UTC(year, month - 1, day, hour, minute, second) + rest - zoneOffset(zone);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** In milliseconds; NaN if there is no such offset. */
function zoneOffset(zone: string | undefined): number {
  if (zone === undefined) return 0;
  const named = ZONES[zone.toUpperCase()];
  if (named !== undefined) return named * 3_600_000;
  const match = /([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (match === null) return 0;
  const [hours, minutes] = [Number(match[2]), Number(match[3] ?? 0)];
  return hours > 23 || minutes > 59 ? Number.NaN : (match[1] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Milliseconds since 1970 of a time in a request, whose form has been checked; NaN for a date that doesn't exist. */
export function millisecondsOf(time: number | string): number {
  if (typeof time === "number") return time;
  // Date.parse is faster, but moves the 31st of February to March. Every month has days up to the 28th.
  const day = Number(time.slice(8, 10));
  if (day > 28 && day > daysIn(Number(time.slice(0, 4)), Number(time.slice(5, 7)))) return Number.NaN;
  return Date.parse(time);
}

/** What to do about text that {@link parseDate} can't read, to end a sentence that shows the text. */
export function dateAdvice(text: string): string {
  const trimmed = text.trim();
  if (/^\d{1,2}[-./]\s?\d{1,2}[-./]\s?(\d{4}|\d{2})\b/.test(trimmed)) return "dates begin with the year, such as 2026-01-31";
  if (/^\d{4}([-/]\d{1,2})?$/.test(trimmed)) return "a whole date is needed, such as 2026-01-31";
  if (ISO.test(trimmed) || NAMED.some((form) => form.test(trimmed))) return "there is no such day or time of day";
  return "write dates like 2026-01-31 or 2026-01-31T12:00:00Z";
}
