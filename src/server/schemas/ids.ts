import { Type } from "typebox";
import { millisecondsOf } from "../../data/moment-text.ts";
import { PATH_NAME, PATH_NAME_RULE } from "../../util/path-name.ts";
import { InvalidRequest } from "../problem.ts";

/** A name used in paths, of a project or a recommender. */
export const Name = Type.String({ pattern: PATH_NAME, expects: PATH_NAME_RULE });

/** A time in responses: milliseconds since 1970 (UTC). */
export const Moment = Type.Number({ description: "Milliseconds since 1970 (UTC)." });

/** Milliseconds since 1970 of the `Time` at `path` in a body. @throws InvalidRequest for a date that doesn't exist */
export function timeAt(path: string, time: number | string): number {
  const milliseconds = millisecondsOf(time);
  if (Number.isNaN(milliseconds)) throw new InvalidRequest([{ in: "body", path, message: "is a date that does not exist." }]);
  return milliseconds;
}
