import { afterAll, expect, test } from "vitest";
import { openEngine } from "../../engine/open-engine.ts";
import { createServer } from "../create-server.ts";

const config = { events: { view: 1, purchase: 5 }, items: { price: "number", title: "text" }, users: { country: "category" } } as const;

async function serving(more: { strict?: boolean }) {
  const engine = await openEngine({ store: "memory", log: "silent", ...config, ...more });
  const { app, keys } = await createServer(engine);
  const key = await keys.createFirst();
  afterAll(async () => {
    await app.close();
    await engine.close();
  });
  return async (method: "GET" | "POST" | "PUT", url: string, body?: unknown, type = "application/json") => {
    const headers = { authorization: `Bearer ${key}`, "recobase-project": "default", ...(body !== undefined && { "content-type": type }) };
    const payload = body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) };
    const answer = await app.inject({ method, url, headers, ...payload });
    return { status: answer.statusCode, body: answer.body === "" ? undefined : JSON.parse(answer.body.trim().split("\n").at(-1) ?? "") };
  };
}

const purchse = 'The configuration doesn\'t declare the event type "purchse". Did you mean purchase?';

test("names that look misspelled are stored, warned of, and counted", async () => {
  const ask = await serving({});
  const sent = await ask("POST", "/v1/events", [
    { user: "ann", item: "tea", type: "purchse" },
    { user: "ann", item: "cup", type: "purchase" },
    { user: "ann", item: "cup", type: "like" },
  ]);
  expect(sent).toEqual({ status: 200, body: { accepted: 3, duplicates: 0, refused: [], warnings: [purchse] } });
  const items = await ask("POST", "/v1/items", [{ id: "jug", properties: { titel: "Jug", price: 3, color: "red" } }]);
  expect(items.body).toEqual({ written: 1, warnings: [expect.stringContaining('item property "titel". Did you mean title?')] });
  expect((await ask("POST", "/v1/users", [{ id: "ann", properties: { county: "AT" } }])).body.warnings).toHaveLength(1);
  expect((await ask("POST", "/v1/users", [{ id: "ann", properties: { country: "AT" } }])).body).toEqual({ written: 1 });
  const imported = await ask("POST", "/v1/import/events", "user,item,type\nben,tea,purchse\nben,cup,purchse\n", "text/csv");
  expect(imported.body).toMatchObject({ written: 2, warnings: [purchse] });
  expect((await ask("GET", "/v1/health")).body).toEqual({
    project: "default",
    undeclared: [
      { kind: "event", name: "purchse", near: "purchase", events: 3 },
      { kind: "item", name: "titel", near: "title" },
    ],
    suddenRises: [],
    unknownItems: { events: 0, ids: [] },
  });
});

test("strict refuses them, and keeps the others", async () => {
  const ask = await serving({ strict: true });
  const sent = await ask("POST", "/v1/events", [
    { user: "ann", item: "tea", type: "purchse" },
    { user: "ann", item: "cup", type: "purchase" },
  ]);
  expect(sent.body).toEqual({ accepted: 1, duplicates: 0, refused: [{ index: 0, path: "/type", message: purchse }] });
  expect((await ask("POST", "/v1/items", [{ id: "jug", properties: { titel: "Jug" } }])).status).toBe(400);
  expect((await ask("PUT", "/v1/items/jug", { properties: { titel: "Jug" } })).status).toBe(400);
  expect((await ask("PUT", "/v1/items/jug", { properties: { title: "Jug" } })).status).toBe(200);
  const imported = await ask("POST", "/v1/import/items", "id,title,Price\ntea,Tea,3\n", "text/csv");
  expect(imported.body).toMatchObject({
    written: 0,
    bad: 1,
    badRows: [{ line: 2, message: expect.stringContaining("Did you mean price?") }],
  });
});
