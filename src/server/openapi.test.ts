import { readFile } from "node:fs/promises";
import fc from "fast-check";
import type { InjectOptions } from "fastify";
import { Compile } from "typebox/compile";
import { afterAll, describe, expect, test } from "vitest";
import { openEngine } from "../engine/open-engine.ts";
import { createServer } from "./create-server.ts";
import { fitting, type JsonSchema, type Known, spoiled } from "./testing/arbitrary-json.ts";

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean; readonly schema: JsonSchema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: JsonSchema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>> }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

const engine = await openEngine({ store: "memory", items: { title: "text", price: "number", tags: "categories" }, log: "silent" });
const { app, keys } = await createServer(engine);
const firstKey = await keys.createFirst();
afterAll(async () => {
  await app.close();
  await engine.close();
});
const document = (await app.inject("/openapi.json")).json<Document>();

const project = engine.project("default");
const items = ["a", "b/c", "ä😀"];
await project.store.putItems(items.map((id, i) => ({ id, properties: { title: id, price: i, tags: ["x"] } })));
await project.ingest(items.map((item, i) => ({ user: "u1", item, type: "view", time: Date.now() - i })));
const filters = ["price < 2", '"x" in tags', "true"];
const known: Known = {
  "": [...items, "u1", "view", "name", "2026-01-01T00:00:00Z"],
  recommender: ["for-you", "popular", "trending", "newest", "similar", "bought-together", "mine", "nobody", "constructor"],
  type: ["view", "buy"],
  event: ["view"],
  filter: filters,
  when: ["true"],
  of: filters,
  by: ["price"],
  properties: ["price", "tags"],
  model: ["ease", "popularity"],
  window: ["7d"],
  halfLife: ["30d"],
  name: ["one", "two", "three"],
  slot: ["main"],
};

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path,
    method: method.toUpperCase() as InjectOptions["method"],
    operation,
    name: operation.operationId,
  })),
);

/** Puts components in the place of references to them. */
function resolved<T>(value: T): T {
  if (Array.isArray(value)) return value.map(resolved) as T;
  if (typeof value !== "object" || value === null) return value;
  const { $ref } = value as JsonSchema;
  if ($ref !== undefined) return resolved(document.components.schemas[$ref.split("/").at(-1) ?? ""]) as T;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolved(inner) as unknown])) as T;
}

const checks = new Map<string, (value: unknown) => boolean>();

function fits(name: string, schema: JsonSchema, value: unknown): boolean {
  let check = checks.get(name);
  if (check === undefined) {
    const compiled = Compile(resolved(schema) as Parameters<typeof Compile>[0]);
    check = (given) => compiled.Check(given);
    checks.set(name, check);
  }
  return check(value);
}

interface Request {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

function requests({ parameters = [], requestBody }: Operation): fc.Arbitrary<Request> {
  const part = (place: string) => {
    const own = parameters.filter((parameter) => parameter.in === place);
    return fc.record(Object.fromEntries(own.map(({ name, schema }) => [name, fitting(resolved(schema), known, name)])), {
      requiredKeys: own.flatMap(({ name, required }) => (required === true ? [name] : [])),
    });
  };
  const schema = requestBody?.content["application/json"]?.schema;
  const lines = fc.array(fc.oneof(fitting(resolved(document.components.schemas.Event), known), fc.jsonValue()), { maxLength: 5 });
  const rows = lines.map((values) => values.map((value) => JSON.stringify(value)).join("\n"));
  const body = requestBody === undefined ? fc.constant(undefined) : schema === undefined ? rows : fitting(resolved(schema), known);
  return fc.record({ params: part("path"), query: part("query"), body });
}

/** What a body is sent as. */
function typeOf({ requestBody }: Operation): string | undefined {
  return requestBody === undefined ? undefined : Object.keys(requestBody.content)[0];
}

async function send(path: string, method: InjectOptions["method"], { params, query, body }: Request, type: string | undefined) {
  const url = path.replace(
    /\{(\w+)\}/g,
    (_, name: string) => encodeURIComponent(wellFormed((params as Record<string, unknown> | null)?.[name])) || "%00",
  );
  const search = Object.entries((query ?? {}) as object).flatMap(([name, value]) =>
    [value].flat().map((one: unknown) => `${encodeURIComponent(wellFormed(name))}=${encodeURIComponent(wellFormed(one))}`),
  );
  return app.inject({
    method,
    url: `${url}${search.length > 0 ? `?${search.join("&")}` : ""}`,
    headers: { authorization: `Bearer ${firstKey}`, ...(body === undefined ? {} : { "content-type": type ?? "application/json" }) },
    ...(body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

/** An address can hold no half characters. */
function wellFormed(value: unknown): string {
  return String(typeof value === "object" ? JSON.stringify(value) : value).replaceAll(/\p{Cs}/gu, "");
}

function expectDocumented(operation: Operation, response: Awaited<ReturnType<typeof send>>, asked: Request) {
  const { statusCode } = response;
  const shown = `${operation.operationId} ${JSON.stringify(asked)} -> ${statusCode} ${response.body.slice(0, 500)}`;
  expect(statusCode, shown).toBeLessThan(500);
  const documented = operation.responses[statusCode];
  // That a method is not there is said of paths, not of operations.
  if (statusCode === 405) return;
  expect(documented, shown).toBeDefined();
  const [type] = String(response.headers["content-type"] ?? "").split(";");
  if (documented.content === undefined) return expect(response.body, shown).toBe("");
  const schema = documented.content[type]?.schema;
  expect(schema, `${shown} as ${type}`).toBeDefined();
  if (!type.endsWith("json") || schema === undefined) return;
  const bodies = type === "application/x-ndjson" ? response.body.split("\n").filter((line) => line !== "") : [response.body];
  for (const body of bodies) expect(fits(`${operation.operationId} ${statusCode}`, schema, JSON.parse(body)), shown).toBe(true);
}

/** What takes a while, or ends what the other tests need. */
const few = new Set(["startJob", "dryRun", "createProject", "exportRows"]);

let sent = 0;
let succeeded = 0;

describe("the OpenAPI document", () => {
  test("is of version 3.1, and says of every operation what it is called, what it does, whom it is for and what may come back", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
    expect(operations.length).toBeGreaterThan(30);
    for (const { operation } of operations) {
      expect(operation).toMatchObject({
        summary: expect.any(String) as string,
        tags: [expect.any(String)],
        responses: expect.any(Object) as object,
      });
      if (!["health", "ready", "frontPage"].includes(operation.operationId)) expect(Object.keys(operation.responses)).toContain("401");
    }
  });

  test("is the one in docs/openapi.json, which shows in review what a change does to the API", async () => {
    const committed: unknown = JSON.parse(await readFile(new URL("../../docs/openapi.json", import.meta.url), "utf8"));
    expect(document, "stale: run npm run generate").toEqual(committed);
  });

  test("names what a client needs types for", () => {
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(["Event", "Answer", "Item", "User", "Recommender", "Problem", "Job", "Model"]),
    );
  });

  test("holds nothing that only this server understands", () => {
    expect(JSON.stringify(document)).not.toContain('"expects"');
  });

  describe.each(operations)("$name", ({ name, path, method, operation }) => {
    const numRuns = few.has(name) ? 5 : 30;

    test("answers requests that fit as documented", async () => {
      await fc.assert(
        fc.asyncProperty(requests(operation), async (request) => {
          const response = await send(path, method, request, typeOf(operation));
          expectDocumented(operation, response, request);
          sent++;
          if (response.statusCode < 300) succeeded++;
        }),
        { numRuns },
      );
    });

    test("answers requests that do not fit with a documented problem, and never fails", async () => {
      await fc.assert(
        fc.asyncProperty(spoiled(requests(operation)) as fc.Arbitrary<Request>, async (request) => {
          const asked = { params: request?.params ?? {}, query: request?.query ?? {}, body: request?.body };
          expectDocumented(operation, await send(path, method, asked, typeOf(operation)), asked);
        }),
        { numRuns },
      );
    });
  });
});

test("many of the requests that fit were answered with more than a problem", () => {
  expect(succeeded).toBeGreaterThan(sent / 3);
});

test.each([
  ["parentheses without end", "(".repeat(4000)],
  ["nots without end", "not ".repeat(1000)],
  ["a tower of conditions", `${"if true then 1 else ".repeat(200)}1`],
  ["a chain of conditions", Array.from({ length: 600 }, () => "true").join(" and ")],
  ["a list of a thousand entries", `price in [${Array.from({ length: 1900 }, (_, i) => i).join(",")}]`],
  ["a text that never ends", `title = "${"a".repeat(4000)}`],
  ["a pattern that backtracks elsewhere", `title = "${"a".repeat(2000)}!" and ${"(title = title) and ".repeat(50)}true`],
  ["code", "process.exit(1)"],
  ["a way to a prototype", "constructor.constructor"],
  ["a way to a prototype in brackets", "__proto__ = 1"],
])(
  "an expression of %s is refused or answered, and quickly",
  async (_, filter) => {
    for (const url of ["/v1/recommendations/popular", "/v1/recommenders/popular/dry-run"]) {
      const response = await app.inject({ method: "POST", url, headers: { authorization: `Bearer ${firstKey}` }, payload: { filter } });
      expect([200, 400]).toContain(response.statusCode);
      if (response.statusCode === 400) expect(["bad-expression", "bad-input"]).toContain(response.json<{ code: string }>().code);
    }
  },
  5000,
);
