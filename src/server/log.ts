import { type DestinationStream, destination, type Logger, pino } from "pino";
import type { ServerConfig } from "../engine/config/config.ts";

/** A key, wherever it stands: in a message, in an address that somebody has put it into, in the text of an error. */
const KEY = /rb_(browser|secret|admin)_[\w-]{8,}/g;

/**
 * The log of a server: a JSON object a line, on standard error. Keys never stand in it, however they came there: what looks like one is
 * taken out of every line.
 */
export function openLog(
  level: NonNullable<ServerConfig["log"]> = "info",
  to: DestinationStream = destination({ dest: 2, sync: true }),
): Logger {
  return pino({ level, base: undefined }, { write: (line: string) => to.write(line.replace(KEY, "rb_$1_…")) });
}
