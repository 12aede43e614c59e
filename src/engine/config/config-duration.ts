import { parseDuration } from "../../util/duration.ts";
import { RecoError } from "../../util/errors.ts";

/** A duration in a configuration, in milliseconds. @throws RecoError `bad-config`, naming the path */
export function configDuration(text: string, path: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined)
    throw new RecoError("bad-config", `${path} is ${JSON.stringify(text)}; write a duration such as "30m", "6h" or "7d".`);
  return milliseconds;
}
