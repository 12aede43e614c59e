import { Type } from "typebox";
import { PATH_NAME, PATH_NAME_RULE } from "../../util/path-name.ts";
import { InvalidRequest } from "../problem.ts";

/** A name that stands in paths: of a project, a recommender. */
export const Name = Type.String({ pattern: PATH_NAME, expects: PATH_NAME_RULE });

/** A moment as it comes in. */
export const Time = Type.Union(
  [
    Type.Integer({
      minimum: Date.UTC(1990, 0, 1),
      maximum: 8.64e15,
      expects: "counts milliseconds since 1970 and lies before 1990-01-01. Seconds must be multiplied by 1,000.",
    }),
    Type.String({
      maxLength: 35,
      pattern: "^\\d{4}-[01]\\d-[0-3]\\dT[0-2]\\d:[0-5]\\d(:[0-6]\\d(\\.\\d{1,9})?)?(Z|[+-][0-2]\\d:[0-5]\\d)$",
      expects: "must be a time with its zone, like 2026-03-01T12:00:00Z.",
    }),
  ],
  { description: "Milliseconds since 1970 (UTC), or ISO 8601 with a zone.", expects: "milliseconds since 1970 or ISO 8601 text" },
);

/** A moment as it goes out: milliseconds since 1970 (UTC). */
export const Moment = Type.Number({ description: "Milliseconds since 1970 (UTC)." });

/** Milliseconds since 1970 of a {@link Time}, which stands at `path` of a body. @throws InvalidRequest for a day that no calendar has */
export function timeAt(path: string, time: number | string): number {
  const milliseconds = typeof time === "number" ? time : Date.parse(time);
  if (Number.isNaN(milliseconds)) throw new InvalidRequest([{ in: "body", path, message: "is a time that no calendar has." }]);
  return milliseconds;
}
