import { type DestinationStream, destination, type Logger, pino } from "pino";
import type { ServerConfig } from "../engine/config/config.ts";

/** A key anywhere in a line: in a message, a URL or the text of an error. */
const KEY = /rb_(browser|secret|admin)_[\w-]{8,}/g;

/**
 * The server log: JSON lines on standard error. Anything that looks like a key is removed from every line.
 */
export function openLog(
  level: NonNullable<ServerConfig["log"]> = "info",
  to: DestinationStream = destination({ dest: 2, sync: true }),
): Logger {
  return pino({ level, base: undefined }, { write: (line: string) => to.write(line.replace(KEY, "rb_$1_…")) });
}
