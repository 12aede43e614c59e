import { builtIn, checkConfig } from "../engine/config/check-config.ts";
import type { ServerConfig } from "../engine/config/config.ts";
import { openEngine } from "../engine/open-engine.ts";
import { openLog } from "./log.ts";
import { type RunningServer, type ServeOptions, serveEngine } from "./serve-engine.ts";

/**
 * Opens the store of a configuration and serves it over HTTP.
 *
 * @throws RecoError `bad-config`; `in-use` if another process uses the store or the port; `storage-failed`, `bad-data`
 * @example
 * ```ts
 * import { closeOnSignals, startServer } from "recobase/server";
 *
 * const server = await startServer({ store: "memory", port: 0 });
 * closeOnSignals(server);
 * console.log(server.address, server.firstKey);
 * await server.close();
 * ```
 */
export async function startServer(config: ServerConfig = {}, options: ServeOptions = {}): Promise<RunningServer> {
  // Check first, because the configuration is also used to open the log.
  checkConfig(config, builtIn());
  const log = openLog(config.log);
  return serveEngine(await openEngine(config, { log: (message) => log.warn(message) }), options);
}
