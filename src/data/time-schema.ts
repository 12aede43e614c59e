import { Type } from "typebox";
import { type Flaw, isFiniteNumber, shown } from "./flaws.ts";

/** Earlier times are mistakes: seconds instead of milliseconds, or a clock that was never set. */
const EARLIEST = Date.UTC(1990, 0, 1);
const ISO = "^\\d{4}-[01]\\d-[0-3]\\dT[0-2]\\d:[0-5]\\d(:[0-6]\\d(\\.\\d{1,9})?)?(Z|[+-][0-2]\\d:[0-5]\\d)$";

/** A time in requests. */
export const Time = Type.Union(
  [
    Type.Number({
      minimum: EARLIEST,
      expects: "is before 1990-01-01. Times are milliseconds since 1970: multiply seconds by 1,000.",
    }),
    Type.String({ pattern: ISO, expects: "must be a time with a time zone, such as 2026-03-01T12:00:00Z." }),
  ],
  { description: "Milliseconds since 1970 (UTC), or ISO 8601 with a time zone.", expects: "milliseconds since 1970 or ISO 8601 text" },
);

const iso = new RegExp(ISO, "u");

/** The flaw of a {@link Time}, or undefined. */
export function timeFlaw(name: string, path: string, time: unknown): Flaw | undefined {
  if (isFiniteNumber(time)) {
    if (time >= EARLIEST) return undefined;
    return { path, message: `${name} is ${time}, before 1990-01-01. Times are milliseconds since 1970: multiply seconds by 1,000.` };
  }
  if (typeof time !== "string")
    return { path, message: `${name} must be milliseconds since 1970 or ISO 8601 text, but is ${shown(time)}.` };
  if (iso.test(time)) return undefined;
  return { path, message: `${name} must be a time with a time zone, such as 2026-03-01T12:00:00Z, but is ${shown(time)}.` };
}
