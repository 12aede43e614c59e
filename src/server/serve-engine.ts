import type { Engine } from "../engine/engine.ts";
import { RecoError } from "../util/errors.ts";
import { isLoopback } from "./access.ts";
import { createServer } from "./create-server.ts";
import { openLog } from "./log.ts";

export interface ServeOptions {
  /**
   * Answer requests without a key, from this machine and from no page of elsewhere, as if they had an admin key. For development; only
   * where the server listens on a loopback address. Default false.
   */
  readonly keyless?: boolean;
  /** Make an admin key although there is one, for whoever has lost theirs. Default false. */
  readonly newKey?: boolean;
  /** Longest wait for requests under way when the server closes, in seconds. 10 by default. */
  readonly grace?: number;
}

/** A server that listens. */
export interface RunningServer {
  /** `http://127.0.0.1:7700` */
  readonly address: string;
  /** The first admin key, made because there was none, or the new one that was asked for. Show it now: only its hash is kept. */
  readonly firstKey: string | undefined;
  /** Takes no new connections, finishes what is under way, closes the engine. May be called several times. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const PORT = 7700;

/**
 * Serves an engine over HTTP, at the host and port of its configuration. The server owns the engine from here on, and closes it.
 *
 * Secure by default: it listens on this machine alone, and every request needs a key. The first key is made at the first start and
 * returned once. Only `keyless` does without, and only on a loopback address.
 *
 * @throws RecoError `bad-config` for `keyless` on another address, `in-use` where the port is taken
 */
export async function serveEngine(engine: Engine, options: ServeOptions = {}): Promise<RunningServer> {
  const { host = HOST, port = PORT, log } = engine.config;
  const { keyless = false, newKey = false, grace = 10 } = options;
  try {
    if (keyless && !isLoopback(host))
      throw new RecoError(
        "bad-config",
        `Without keys, a server may only listen on a loopback address such as ${HOST}; the host is ${host}.`,
      );
    const { app, keys } = await createServer(engine, { keyless, logger: openLog(log) });
    let closing: Promise<void> | undefined;
    const close = async () => {
      // A connection that was busy when the close began stays open for the next request, unless it is closed once it is idle.
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
      // Not before it can be reached: of a start that failed, nobody would be shown the key.
      const firstKey = newKey ? (await keys.create({ scope: "admin", name: "new key" })).key : await keys.createFirst();
      return { address, firstKey, close: () => (closing ??= close()) };
    } catch (cause) {
      await app.close();
      if ((cause as { code?: string }).code !== "EADDRINUSE") throw cause;
      throw new RecoError("in-use", `Port ${port} of ${host} is taken. Stop what listens there, or choose another port.`, { cause });
    }
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** A terminal and the npm above a process both pass on one Ctrl-C: what comes so soon is no second one. */
const SAME_SIGNAL = 1000;

/** Closes a server when the process is told to stop (SIGTERM, SIGINT), then ends the process; at once when it is told again later. */
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
