import { afterAll, describe, expect, test } from "vitest";
import { openEngine } from "../../engine/open-engine.ts";
import { serveEngine } from "../serve-engine.ts";

const engine = await openEngine({ store: "memory", port: 0, log: "silent", publicProperties: ["title"] });
const server = await serveEngine(engine);
afterAll(() => server.close());
const project = engine.project("default");
await project.putItems([
  { id: "tea", properties: { title: "Tea", cost: 2 } },
  { id: "cup", properties: { title: "Cup" } },
  ...["pot", "jug", "pan", "pin", "lid"].map((id) => ({ id, properties: { title: id } })),
]);
await project.ingest([
  { user: "ann", item: "tea", type: "view" },
  { user: "cid", item: "tea", type: "view" },
  { user: "ben", item: "cup", type: "view" },
]);
const made = await fetch(`${server.address}/v1/keys`, {
  method: "POST",
  headers: { authorization: `Bearer ${server.firstKey}`, "content-type": "application/json" },
  body: JSON.stringify({ scope: "browser", project: "default", name: "page" }),
});
const shop = { address: server.address, admin: String(server.firstKey), page: ((await made.json()) as { key: string }).key };

describe("what a page needs", () => {
  const ids = (answer: unknown) => (answer as { items: { item: string }[] }).items.map(({ item }) => item);

  test("properties come with the items, those that the configuration makes public also for pages", async () => {
    const post = async (body: object, key: string) => {
      const answer = await fetch(`${shop.address}/v1/recommendations/popular`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ k: 2, ...body }),
      });
      return [answer.status, await answer.json()] as const;
    };
    const [status, { items }] = await post({ return: ["title", "cost"] }, shop.admin);
    expect([status, items.map(({ properties }: { properties: object }) => properties)]).toEqual([
      200,
      [{ title: "Tea", cost: 2 }, { title: "Cup" }],
    ]);
    const get = await fetch(`${shop.address}/v1/recommendations/popular?k=1&return=title,%20cost`, {
      headers: { authorization: `Bearer ${shop.admin}` },
    });
    expect((await get.json()).items[0].properties).toEqual({ title: "Tea", cost: 2 });
    expect((await post({}, shop.admin))[1].items[0]).not.toHaveProperty("properties");
    expect((await post({ return: ["title"] }, shop.page))[1].items[0].properties).toEqual({ title: "Tea" });
    expect(await post({ return: ["title", "cost"] }, shop.page)).toMatchObject([
      403,
      { code: "forbidden", detail: expect.stringContaining('"cost"') },
    ]);
    expect(await post({ return: ["titel"] }, shop.admin)).toMatchObject([400, { detail: expect.stringContaining("Did you mean title?") }]);
  });

  test("a list says whether it is personal, by rule or a fallback", async () => {
    const basis = async (path: string, body: object) => {
      const headers = { authorization: `Bearer ${shop.admin}`, "content-type": "application/json" };
      const answer = await fetch(`${shop.address}/v1/recommendations/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
      return (await answer.json()).basis;
    };
    expect(await basis("popular", { user: "ann" })).toBe("rule");
    expect(await basis("recently-viewed", { user: "ann" })).toBe("personal");
    // With three events, nothing is known to go with tea but how items are described.
    expect(await basis("because-you-liked", { history: [{ item: "tea", type: "like" }], k: 2 })).toBe("fallback");
    expect(await basis("for-you", { user: "a stranger" })).toBe("rule");
    expect(await basis("similar", { items: ["tea"], k: 2 })).not.toBe("personal");
  });

  test("several lists in one request repeat no item, and each can be told apart", async () => {
    const ask = async (body: object, key = shop.admin) => {
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      const answer = await fetch(`${shop.address}/v1/recommendations`, { method: "POST", headers, body: JSON.stringify(body) });
      return [answer.status, await answer.json()] as const;
    };
    const lists = [
      { recommender: "popular", k: 2 },
      { recommender: "newest", k: 3, return: ["title"] },
      { recommender: "popular", k: 2, exclude: ["pot"] },
    ];
    const [status, page] = await ask({ user: "ann", lists });
    expect([status, page.lists.map((list: { recommender: string }) => list.recommender)]).toEqual([200, ["popular", "newest", "popular"]]);
    const all = page.lists.flatMap(ids);
    expect(new Set(all).size).toBe(all.length);
    expect(ids(page.lists[0])).toHaveLength(2);
    expect(new Set(page.lists.map(({ id }: { id: string }) => id)).size).toBe(3);
    expect(page.lists[1].items[0]).toHaveProperty("properties");
    expect((await ask({ lists: [{ recommender: "popular", filter: "cost < 3" }] }, shop.page))[0]).toBe(403);
    expect((await ask({ lists: [{ recommender: "popular", user: "ben" }] }))[0]).toBe(400);
    expect((await ask({ lists: [] }))[0]).toBe(400);
    expect((await ask({ lists: [{ recommender: "nothing" }] }))[0]).toBe(404);
    expect((await ask({ lists: Array.from({ length: 3 }, () => ({ recommender: "popular", k: 1000 })) }))[0]).toBe(400);
  });

  test("a batch has a list for each user, in their order, and is not for pages", async () => {
    const ask = async (body: object, key: string) => {
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      const answer = await fetch(`${shop.address}/v1/recommendations/recently-viewed/batch`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      return [answer.status, await answer.json()] as const;
    };
    const [status, { answers }] = await ask({ users: ["ben", "ann", "nobody"], k: 5 }, shop.admin);
    expect([status, answers.map(({ user, answer }: { user: string; answer: unknown }) => [user, ids(answer)])]).toEqual([
      200,
      [
        ["ben", ["cup"]],
        ["ann", ["tea"]],
        ["nobody", []],
      ],
    ]);
    expect((await ask({ users: ["ben"] }, shop.page))[0]).toBe(403);
    expect((await ask({ users: [] }, shop.admin))[0]).toBe(400);
  });

  test("items are named alike in the query and in the body", async () => {
    const headers = { authorization: `Bearer ${shop.admin}`, "content-type": "application/json" };
    const about = async (query: string, body?: object) => {
      const init = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
      return ((await (await fetch(`${shop.address}/v1/recommendations/similar${query}`, init)).json()) as { about: string[] }).about;
    };
    for (const query of ["?item=tea&item=cup", "?items=tea&items=cup", "?items=tea&item=cup"])
      expect(await about(query)).toEqual(["tea", "cup"]);
    for (const body of [{ items: ["tea", "cup"] }, { items: ["tea"], item: "cup" }]) expect(await about("", body)).toEqual(["tea", "cup"]);
    expect(await about("", { item: "tea" })).toEqual(["tea"]);
  });
});
