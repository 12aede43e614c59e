import { afterAll, describe, expect, test } from "vitest";
import { ask, testServer } from "../testing/test-server.ts";

const server = await testServer();
const { admin: key } = server;
afterAll(() => server.app.close());

const put = (url: string, body: unknown) => ask(server, "PUT", url, { key, body });
const get = (url: string) => ask(server, "GET", url, { key });

describe("an item", () => {
  test("is put, read, changed in part, and deleted", async () => {
    const made = await put("/v1/items/tea", {
      properties: { price: 3, title: "Tea", tags: ["hot", "leaf"] },
      expires: "2030-01-01T00:00:00Z",
    });
    expect(made.body).toMatchObject({
      id: "tea",
      properties: { price: 3, title: "Tea", tags: ["hot", "leaf"] },
      hidden: false,
      expires: Date.UTC(2030, 0, 1),
    });
    const patched = await ask(server, "PATCH", "/v1/items/tea", { key, body: { properties: { price: 4, title: null }, expires: null } });
    expect(patched.body).toMatchObject({ id: "tea", properties: { price: 4, tags: ["hot", "leaf"] } });
    expect(patched.body).not.toHaveProperty("expires");
    expect((await get("/v1/items/tea")).body).toEqual(patched.body);
    expect((await ask(server, "DELETE", "/v1/items/tea", { key })).status).toBe(204);
    const gone = await get("/v1/items/tea");
    expect([gone.status, gone.problem.code]).toEqual([404, "unknown-item"]);
    expect((await ask(server, "DELETE", "/v1/items/tea", { key })).status).toBe(404);
    expect((await ask(server, "PATCH", "/v1/items/tea", { key, body: {} })).status).toBe(404);
  });

  test("changed by many at once keeps every change", async () => {
    await put("/v1/items/busy", { properties: {} });
    const names = Array.from({ length: 20 }, (_, i) => `p${i}`);
    await Promise.all(names.map((name) => ask(server, "PATCH", "/v1/items/busy", { key, body: { properties: { [name]: 1 } } })));
    const { body } = await get("/v1/items/busy");
    expect(Object.keys((body as { properties: object }).properties).sort()).toEqual(names.sort());
  });

  test("whose value does not fit its property's type is refused, and the message names both", async () => {
    await put("/v1/items/a", { properties: { weight: 3 } });
    const { status, problem } = await put("/v1/items/b", { properties: { weight: "heavy" } });
    expect([status, problem.code]).toEqual([400, "bad-input"]);
    expect(problem.detail).toMatch(/weight/);
    expect((await get("/v1/items/b")).status).toBe(404);
  });

  test.each<[object, string]>([
    [{ properties: { nested: { a: 1 } } }, "/properties/nested"],
    [{ properties: { list: [1, "a"] } }, "/properties/list/1"],
    [{ property: {} }, "/property"],
    [{ hidden: "yes" }, "/hidden"],
  ])("of %o is refused, and %s is named", async (body, path) => {
    const { status, problem } = await put("/v1/items/c", body);
    expect(status).toBe(400);
    expect(problem.errors?.map((flaw) => flaw.path)).toContain(path);
  });
});

test("items come in pages, in order of ids, and each once", async () => {
  const ids = Array.from({ length: 25 }, (_, i) => `page-${String(i).padStart(2, "0")}`);
  const shop = await server.engine.createProject("pages");
  await shop.store.putItems(ids.map((id) => ({ id, properties: {} })));
  const seen: string[] = [];
  for (let after = ""; ; ) {
    const { body } = await ask(server, "GET", `/v1/items?limit=10${after}`, { key, headers: { "recobase-project": "pages" } });
    const { items, next } = body as { items: { id: string }[]; next?: string };
    seen.push(...items.map(({ id }) => id));
    if (next === undefined) break;
    after = `&after=${encodeURIComponent(next)}`;
  }
  expect(seen).toEqual(ids);
});

test("many items are written in one request, all or none", async () => {
  const good = [
    { id: "x1", properties: { size: 1 } },
    { id: "x2", properties: { size: 2 }, hidden: true },
  ];
  expect((await ask(server, "POST", "/v1/items", { key, body: good })).body).toEqual({ written: 2 });
  const bad = [
    { id: "x3", properties: { size: 3 } },
    { id: "x4", properties: { size: "large" } },
  ];
  expect((await ask(server, "POST", "/v1/items", { key, body: bad })).status).toBe(400);
  expect((await get("/v1/items/x3")).status).toBe(404);
});

describe("a user", () => {
  test("is put, changed, exported with everything, and removed without a trace", async () => {
    await put("/v1/users/ann", { properties: { country: "AT", age: 30 } });
    await ask(server, "PATCH", "/v1/users/ann", { key, body: { properties: { age: null, premium: true } } });
    await ask(server, "POST", "/v1/events", {
      key,
      body: { user: "ann", item: "tea", type: "view", context: { device: "phone" }, session: "s" },
    });
    server.store.logImpression({
      id: "answer-1",
      time: Date.now(),
      user: "ann",
      recommender: "for-you",
      items: ["tea"],
      scores: [1],
      propensities: [1],
      features: { ease: [Number.NaN] },
    });
    const { status, body } = await get("/v1/users/ann/export");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      user: { id: "ann", properties: { country: "AT", premium: true } },
      events: [{ user: "ann", item: "tea", type: "view", value: 1, context: { device: "phone" }, session: "s" }],
      impressions: [{ id: "answer-1", items: ["tea"], features: { ease: [null] } }],
    });
    expect((await ask(server, "DELETE", "/v1/users/ann", { key })).body).toEqual({ events: 1 });
    for (const url of ["/v1/users/ann", "/v1/users/ann/export"]) expect((await get(url)).problem.code).toBe("unknown-user");
    expect((await get("/v1/events?user=ann")).body).toEqual({ events: [] });
    // A second time there is nothing to remove, and that is fine.
    expect((await ask(server, "DELETE", "/v1/users/ann", { key })).body).toEqual({ events: 0 });
  });

  test("has no fields of items", async () => {
    expect((await put("/v1/users/bob", { properties: {}, hidden: true })).status).toBe(400);
  });
});

test("a retried event counts once", async () => {
  const body = { user: "r", item: "i", type: "buy", key: "order-1" };
  expect((await ask(server, "POST", "/v1/events", { key, body })).body).toEqual({ accepted: 1, duplicates: 0, refused: [] });
  expect((await ask(server, "POST", "/v1/events", { key, body })).body).toEqual({ accepted: 0, duplicates: 1, refused: [] });
});

test("an event ahead of the clock is named, and the others are kept", async () => {
  const event = { user: "f", item: "i", type: "view" };
  const future = Date.now() + 3_600_000;
  const { status, body } = await ask(server, "POST", "/v1/events", { key, body: [event, { ...event, time: future }, event] });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    accepted: 2,
    refused: [{ index: 1, message: expect.stringContaining("ahead of the server's clock") as string }],
  });
  const alone = await ask(server, "POST", "/v1/events", { key, body: { ...event, time: future } });
  expect([alone.status, alone.problem.errors?.[0].message]).toEqual([400, expect.stringContaining("ahead of the server's clock")]);
});

describe("users who are one person", () => {
  test("are merged once, and apart again", async () => {
    await ask(server, "POST", "/v1/events", {
      key,
      body: [
        { user: "anon-7", item: "tent", type: "view" },
        { user: "nora", item: "map", type: "view" },
      ],
    });
    const merge = () => ask(server, "POST", "/v1/users/nora/merge", { key, body: { from: "anon-7" } });
    expect((await merge()).body).toEqual({ events: 1 });
    expect((await merge()).body).toEqual({ events: 0 });
    const kept = (await get("/v1/users/nora/export")).body as { events: { item: string }[]; merged: unknown };
    expect(kept.events.map(({ item }) => item).toSorted()).toEqual(["map", "tent"]);
    expect(kept.merged).toEqual([{ user: "anon-7", time: expect.any(Number) }]);
    expect((await get("/v1/users/anon-7/export")).status).toBe(404);
    const unknown = await ask(server, "POST", "/v1/users/nora/merge", { key, body: { from: "nobody" } });
    expect([unknown.status, unknown.problem.code]).toEqual([404, "unknown-user"]);
    expect((await ask(server, "DELETE", "/v1/users/nora/merge/anon-7", { key })).body).toEqual({ events: 1 });
    expect((await ask(server, "DELETE", "/v1/users/nora/merge/anon-7", { key })).status).toBe(404);
    expect((await get("/v1/users/anon-7/export")).body).toMatchObject({ events: [{ item: "tent" }] });
  });
});
