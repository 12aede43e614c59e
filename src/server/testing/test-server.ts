import type { InjectOptions } from "fastify";
import type { ServerConfig } from "../../engine/config/config.ts";
import { type CreateServerOptions, createServer } from "../create-server.ts";
import type { Problem } from "../problem.ts";
import { fakeEngine } from "./fake-engine.ts";

/** A server on the fake engine; `store` belongs to the project `default`. */
export async function testServer(config: ServerConfig = {}, options: CreateServerOptions = {}) {
  const { engine, asked } = await fakeEngine(config);
  const { app, keys } = await createServer(engine, options);
  return { app, engine, asked, admin: (await keys.createFirst()) ?? "", store: engine.project("default").store };
}

export type TestServer = Awaited<ReturnType<typeof testServer>>;

export interface Asked {
  readonly status: number;
  readonly type: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly problem: Problem;
}

/** Sends a request with a key, as text or as JSON. */
export async function ask(
  server: Pick<TestServer, "app">,
  method: InjectOptions["method"],
  url: string,
  { key, body, headers = {} }: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Asked> {
  const response = await server.app.inject({
    method,
    url,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
  });
  const type = String(response.headers["content-type"] ?? "");
  const parsed: unknown = /json/.test(type) && response.body !== "" ? response.json() : response.body;
  return { status: response.statusCode, type, headers: response.headers, body: parsed, problem: parsed as Problem };
}
