import { Type } from "typebox";
import { type Flaw, isFiniteNumber, shown } from "./flaws.ts";

/** Earlier times are mistakes: seconds instead of milliseconds, or an unset clock. */
const EARLIEST = Date.UTC(1990, 0, 1);
const ISO = "^\\d{4}-[01]\\d-[0-3]\\dT[0-2]\\d:[0-5]\\d(:[0-6]\\d(\\.\\d{1,9})?)?(Z|[+-][0-2]\\d:[0-5]\\d)$";

/** An incoming time. */
export const Time = Type.Union(
  [
    Type.Number({
      minimum: EARLIEST,
      expects: "is before 1990-01-01. Times are milliseconds since 1970: multiply seconds by 1,000.",
    }),
    Type.String({ pattern: ISO, expects: "must be a time with its zone, like 2026-03-01T12:00:00Z." }),
  ],
  { description: "Milliseconds since 1970 (UTC), or ISO 8601 with a zone.", expects: "milliseconds since 1970 or ISO 8601 text" },
);

const iso = new RegExp(ISO, "u");

/** What is wrong with a {@link Time}; undefined if nothing is. */
export function timeFlaw(name: string, path: string, time: unknown): Flaw | undefined {
  if (isFiniteNumber(time)) {
    if (time >= EARLIEST) return undefined;
    return { path, message: `${name} is ${time}, before 1990-01-01. Times are milliseconds since 1970: multiply seconds by 1,000.` };
  }
  if (typeof time !== "string")
    return { path, message: `${name} must be milliseconds since 1970 or ISO 8601 text, but is ${shown(time)}.` };
  if (iso.test(time)) return undefined;
  return { path, message: `${name} must be a time with its zone, like 2026-03-01T12:00:00Z, but is ${shown(time)}.` };
}
