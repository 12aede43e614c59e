import { Type } from "typebox";
import { PATH_NAME, PATH_NAME_RULE } from "../../util/path-name.ts";
import { InvalidRequest } from "../problem.ts";

/** A name that stands in paths: of a project, a recommender. */
export const Name = Type.String({ pattern: PATH_NAME, expects: PATH_NAME_RULE });

/** A moment as it goes out: milliseconds since 1970 (UTC). */
export const Moment = Type.Number({ description: "Milliseconds since 1970 (UTC)." });

/** Milliseconds since 1970 of a `Time`, which stands at `path` of a body. @throws InvalidRequest for a day that no calendar has */
export function timeAt(path: string, time: number | string): number {
  const milliseconds = typeof time === "number" ? time : Date.parse(time);
  if (Number.isNaN(milliseconds)) throw new InvalidRequest([{ in: "body", path, message: "is a time that no calendar has." }]);
  return milliseconds;
}
