import { createServer } from "node:net";
import { openEngine } from "../../engine/open-engine.ts";
import { serveEngine } from "../../server/serve-engine.ts";
import { RecoError } from "../../util/errors.ts";

/** A running server. */
export interface OpenServer {
  /** `http://127.0.0.1:7700` */
  readonly address: string;
  /** An admin key. */
  readonly key: string;
  /** Finishes requests in progress, then stops. */
  close(): Promise<void>;
}

/** Starts a server on a new store, with the item properties of the shop. */
export async function openServer(options: { readonly store: string; readonly port: number; readonly host: string }): Promise<OpenServer> {
  const engine = await openEngine({
    ...options,
    items: {
      title: "text",
      description: "text",
      category: "category",
      brand: "category",
      price: "number",
      tags: "categories",
      published: "time",
    },
    log: "warn",
  });
  const { address, firstKey = "", close } = await serveEngine(engine);
  return { address, key: firstKey, close };
}

/** How many ports to try, one after the other. */
const TRIES = 50;

/** The first free port from `from` on, on this host. @throws RecoError `in-use` */
export async function freePort(from: number, host: string): Promise<number> {
  for (let port = from; port < from + TRIES && port < 65_536; port++) if (await isFree(port, host)) return port;
  throw new RecoError(
    "in-use",
    `Ports ${from} to ${Math.min(from + TRIES, 65_536) - 1} are all in use. Choose another: npm start -- --port 8800`,
  );
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
