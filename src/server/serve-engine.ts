import type { Engine } from "../engine/engine.ts";
import { RecoError } from "../util/errors.ts";
import { isLoopback } from "./access.ts";
import { createServer } from "./create-server.ts";
import { openLog } from "./log.ts";

export interface ServeOptions {
  /**
   * Treat local requests without a key, except from web pages of other origins, as if they had an admin key. For development; requires a
   * loopback address. Default false.
   */
  readonly keyless?: boolean;
  /** Create an admin key even if there is one, in case it was lost. Default false. */
  readonly newKey?: boolean;
  /** How long to wait for requests in progress when the server closes, in seconds. Default 10. */
  readonly grace?: number;
}

/** A listening server. */
export interface RunningServer {
  /** `http://127.0.0.1:7700` */
  readonly address: string;
  /** The first admin key, created because there was none, or the requested new one. Show it now: only its hash is stored. */
  readonly firstKey: string | undefined;
  /** Stops accepting connections, finishes requests in progress and closes the engine. Can be called more than once. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const PORT = 7700;

/**
 * Serves an engine over HTTP, at the host and port of its configuration. From here on the server owns the engine, and closes it.
 *
 * Secure by default: it only listens on this machine, and every request needs a key. The first start creates a key and returns it once.
 * Only `keyless` turns keys off, and only on a loopback address.
 *
 * @throws RecoError `bad-config` for `keyless` on another address, `in-use` if the port is taken
 */
export async function serveEngine(engine: Engine, options: ServeOptions = {}): Promise<RunningServer> {
  const { host = HOST, port = PORT, log } = engine.config;
  const { keyless = false, newKey = false, grace = 10 } = options;
  try {
    if (keyless && !isLoopback(host))
      throw new RecoError(
        "bad-config",
        `Without keys, a server can only listen on a loopback address such as ${HOST}, but host is ${host}. Change host, or use keys.`,
      );
    const { app, keys } = await createServer(engine, { keyless, logger: openLog(log) });
    let closing: Promise<void> | undefined;
    const close = async () => {
      // A connection that is busy when closing starts would stay open for more requests, so close it once idle.
      const idle = setInterval(() => app.server.closeIdleConnections(), 20);
      const late = setTimeout(() => app.server.closeAllConnections(), grace * 1000);
      try {
        await app.close();
      } finally {
        clearInterval(idle);
        clearTimeout(late);
        await engine.close();
      }
    };
    try {
      const address = await app.listen({ host, port });
      // Only once it is listening: if the start failed, the key would never be shown.
      const firstKey = newKey ? (await keys.create({ scope: "admin", name: "new key" })).key : await keys.createFirst();
      return { address, firstKey, close: () => (closing ??= close()) };
    } catch (cause) {
      await app.close();
      if ((cause as { code?: string }).code !== "EADDRINUSE") throw cause;
      throw new RecoError("in-use", `Port ${port} on ${host} is in use. Stop the other process, or choose another port.`, { cause });
    }
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** A terminal and npm both forward a single Ctrl-C, so a signal this soon is not a second one. */
const SAME_SIGNAL = 1000;

/** On SIGTERM or SIGINT, closes the server and then exits the process; a second signal exits immediately. */
export function closeOnSignals(server: Pick<RunningServer, "close">): void {
  let told: number | undefined;
  const stop = () => {
    if (told !== undefined) {
      if (Date.now() - told > SAME_SIGNAL) process.exit(1);
      return;
    }
    told = Date.now();
    server.close().then(
      () => process.exit(0),
      (error) => {
        console.error(error instanceof Error ? error.message : error);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}
