import { openEngine } from "../../engine/open-engine.ts";
import { serveEngine } from "../../server/serve-engine.ts";

/** A server that listens. */
export interface OpenServer {
  /** `http://127.0.0.1:7700` */
  readonly address: string;
  /** An admin key. */
  readonly key: string;
  /** Finishes what is under way. */
  close(): Promise<void>;
}

/** Opens a server on a fresh store, for the shop's catalogue. */
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
