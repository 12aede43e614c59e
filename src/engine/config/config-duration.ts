import { parseDuration } from "../../util/duration.ts";
import { RecoError } from "../../util/errors.ts";

/** The milliseconds of a length of time in a configuration. @throws RecoError `bad-config`, naming the path */
export function configDuration(text: string, path: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined)
    throw new RecoError("bad-config", `${path} is ${JSON.stringify(text)}; write a length of time such as "30m", "6h" or "7d".`);
  return milliseconds;
}
