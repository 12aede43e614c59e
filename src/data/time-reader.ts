import { RecoError } from "../util/errors.ts";
import { parseDate } from "./moment-text.ts";

/** How times are written, where that isn't clear by itself. */
export interface TimeForm {
  /**
   * The form of times: `YYYY` or `YY`, `MM` or `M` (month), `DD` or `D`, `HH` or `H`, `hh` or `h` with `A` (AM or PM), `mm`, `ss`, `SSS` (milliseconds),
   * `Z` (offset, such as +01:00), and other characters as they stand: `DD.MM.YYYY HH:mm`. A part at the end that is missing in a value is 0.
   */
  readonly timeFormat?: string;
  /** The zone of times that don't name one, such as `Europe/Vienna`. Default UTC. */
  readonly timeZone?: string;
}

/** Named groups of a form, as regular expressions. */
const PARTS: Readonly<Record<string, string>> = {
  YYYY: "(?<year>\\d{4})",
  YY: "(?<year>\\d{2})",
  MM: "(?<month>\\d{1,2})",
  M: "(?<month>\\d{1,2})",
  DD: "(?<day>\\d{1,2})",
  D: "(?<day>\\d{1,2})",
  HH: "(?<hour>\\d{1,2})",
  H: "(?<hour>\\d{1,2})",
  hh: "(?<hour>\\d{1,2})",
  h: "(?<hour>\\d{1,2})",
  mm: "(?<minute>\\d{2})",
  ss: "(?<second>\\d{2})",
  SSS: "(?<millisecond>\\d{1,3})",
  A: "(?<half>[AaPp][Mm])",
  Z: "(?<zone>Z|[+-]\\d{2}:?\\d{2})",
};
const TOKEN = /YYYY|YY|MM|M|DD|D|HH|H|hh|h|mm|ss|SSS|A|Z/;
/** In digits alone, such as 20260131, every part has its full width. */
const FULL_WIDTH = /\\d\{1,(\d)\}/g;

/**
 * Reads times of a given form, or dates as {@link parseDate} does but in a given zone, as milliseconds since 1970; NaN for what can't be read, and for
 * days and times of day that don't exist.
 *
 * @returns undefined if neither a form nor a zone is given
 * @throws RecoError `bad-input` for an unknown zone, or a form without year, month and day
 */
export function timeReader({ timeFormat, timeZone }: TimeForm): ((text: string) => number) | undefined {
  if (timeFormat === undefined && timeZone === undefined) return undefined;
  const toUtc = timeZone === undefined ? (local: number) => local : inZone(timeZone);
  if (timeFormat === undefined) return (text) => (namesZone(text) ? parseDate(text) : toUtc(parseDate(text)));
  const form = patternOf(timeFormat);
  return (text) => {
    const found = form.exec(text.trim())?.groups;
    if (found === undefined) return Number.NaN;
    const { year, month, day, hour = "0", minute = "00", second = "00", millisecond = "0", half, zone } = found;
    const twelve = half !== undefined;
    if (twelve && (Number(hour) < 1 || Number(hour) > 12)) return Number.NaN;
    const hours = twelve ? (Number(hour) % 12) + (half.toLowerCase() === "pm" ? 12 : 0) : Number(hour);
    const two = (part: string | number) => String(part).padStart(2, "0");
    const full = year.length === 2 ? `${Number(year) < 50 ? 20 : 19}${year}` : year;
    const local = parseDate(
      `${full}-${two(month)}-${two(day)} ${two(hours)}:${minute}:${second}.${millisecond.padStart(3, "0")}${zone ?? ""}`,
    );
    return zone === undefined ? toUtc(local) : local;
  };
}

function patternOf(format: string): RegExp {
  const pieces = format.split(new RegExp(`(${TOKEN.source})`));
  const parts = pieces.map((piece) => PARTS[piece] ?? piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const digits = /^(?:YYYY|YY|MM|DD|HH|mm|ss|SSS)+$/.test(format);
  // From the hour on, parts may be missing.
  const hour = parts.findIndex((part) => part.startsWith("(?<hour>"));
  const start = hour > 0 && pieces[hour - 1] !== undefined ? hour - 1 : hour;
  const [dated, timed] = start > 0 ? [parts.slice(0, start), parts.slice(start)] : [parts, []];
  const names = new Set(pieces.flatMap((piece) => (PARTS[piece] === undefined ? [] : [/<(\w+)>/.exec(PARTS[piece])?.[1]])));
  try {
    if (!["year", "month", "day"].every((name) => names.has(name))) throw new Error("a form needs a year, a month and a day");
    const source = `^${dated.join("")}${timed.length > 0 ? `(?:${timed.join("")})?` : ""}$`;
    return new RegExp(digits ? source.replace(FULL_WIDTH, "\\d{$1}") : source);
  } catch (cause) {
    const message = `"${format}" is not a form of times. Write it like DD.MM.YYYY HH:mm, with each of YYYY, MM and DD once.`;
    throw new RecoError("bad-input", message, { cause });
  }
}

/** Whether a date names its zone. */
function namesZone(text: string): boolean {
  return /(?:Z|UTC|GMT|UT|[ECMP][SD]T|:\d{2}(?:[.,]\d+)?\s*[+-]\d{2}(?::?\d{2})?|(?:UTC|GMT)[+-]\d{2}:?(?:\d{2})?)(?:\s*\(.*\))?$/i.test(
    text.trim(),
  );
}

/** Converts the time on the clocks of a zone, as if it were UTC, to UTC. */
function inZone(timeZone: string): (local: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    const two = "2-digit" as const;
    const fields = { year: "numeric", month: two, day: two, hour: two, minute: two, second: two } as const;
    format = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", ...fields });
  } catch (cause) {
    throw new RecoError("bad-input", `Unknown time zone: "${timeZone}". Use a name such as Europe/Vienna.`, { cause });
  }
  // Offsets change on the quarter of an hour at most, and asking for one takes microseconds.
  const QUARTER = 900_000;
  const offsets = new Map<number, number>();
  const offsetAt = (time: number): number => {
    const quarter = Math.floor(time / QUARTER);
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      const start = quarter * QUARTER;
      const part = Object.fromEntries(format.formatToParts(start).map(({ type, value }) => [type, Number(value)]));
      offset = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - start;
      offsets.set(quarter, offset);
    }
    return offset;
  };
  return (local) => {
    if (Number.isNaN(local)) return local;
    // The offset at about the right time tells the right one, but within an hour of a change.
    const near = local - offsetAt(local);
    return local - offsetAt(near);
  };
}
