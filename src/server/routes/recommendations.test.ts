import { afterAll, expect, test } from "vitest";
import { openEngine } from "../../engine/open-engine.ts";
import { serveEngine } from "../serve-engine.ts";

const engine = await openEngine({ store: "memory", port: 0, log: "silent" });
const server = await serveEngine(engine);
afterAll(() => server.close());

async function post(path: string, body: unknown, key = server.firstKey) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const response = await fetch(server.address + path, { method: "POST", headers, body: JSON.stringify(body) });
  return (await response.json()) as Record<string, unknown>;
}

const events = ["ann", "bob"].flatMap((user) => ["tea", "cup", "pot"].map((item) => ({ user, item, type: "view" })));
await post("/v1/events", [...events, { user: "ann", item: "tea", type: "purchase" }]);

test("a page is told which items its list is about, of the request or of the history", async () => {
  const { key } = await post("/v1/keys", { scope: "browser", project: "default", name: "page" });
  const about = async (name: string, asked: object) => (await post(`/v1/recommendations/${name}`, asked, String(key))).about;
  expect(await about("because-you-liked", { history: [{ item: "tea", type: "like" }] })).toEqual(["tea"]);
  // Whose history it is, a page has to prove.
  expect(await about("because-you-liked", { user: "ann" })).toBeUndefined();
  expect(await about("similar", { items: ["pot", "cup"] })).toEqual(["pot", "cup"]);
  expect(await about("because-you-liked", { user: "a stranger" })).toBeUndefined();
  expect(await about("for-you", { user: "ann" })).toBeUndefined();
});

test("a trace tells what made the scores, and why a learned scorer is not used yet", async () => {
  const scorer = async (name: string) => ((await post(`/v1/recommendations/${name}`, { trace: true })).trace as { scorer: unknown }).scorer;
  expect(await scorer("popular")).toEqual({ kind: "blend" });
  expect(await scorer("for-you")).toEqual({ kind: "blend", note: "Nothing has been learned from impressions yet." });
});

test("one rule says which names a recommender may have, in a path as in the engine", async () => {
  const headers = { authorization: `Bearer ${server.firstKey}`, "content-type": "application/json" };
  for (const [name, fine] of [
    ["a", true],
    ["9-to_5", true],
    ["m".repeat(64), true],
    ["m".repeat(65), false],
    ["Home", false],
    ["-a", false],
    ["ä", false],
  ] as const) {
    const path = `${server.address}/v1/recommenders/${encodeURIComponent(name)}`;
    const { status } = await fetch(path, { method: "PUT", headers, body: "{}" });
    const direct = engine.project("default").putRecommender(name, {});
    expect([name, status, await direct.catch(({ code }) => code)]).toEqual([name, fine ? 204 : 400, fine ? undefined : "bad-input"]);
  }
});

test("a filter leaves out what the asking user owns", async () => {
  await post(
    "/v1/items",
    ["ann", "ben", "cat"].map((owner) => ({ id: `of-${owner}`, properties: { owner } })),
  );
  const list = async (user: string | undefined, filter: string) =>
    ((await post("/v1/recommendations/newest", { user, filter, k: 50 })).items as { item: string }[]).map(({ item }) => item).sort();
  expect(await list("ann", "owner != user.id")).toEqual(["of-ben", "of-cat"]);
  expect(await list("ben", "owner != user.id")).toEqual(["of-ann", "of-cat"]);
  expect(await list(undefined, 'owner in ["ann", "ben"] and not has(user.id)')).toEqual(["of-ann", "of-ben"]);
});

test("an item that only a page speaks of is in no list", async () => {
  const { key } = await post("/v1/keys", { scope: "browser", project: "default", name: "another page" });
  const made = Array.from({ length: 60 }, (_, i) => ({ user: `fake-${i}`, item: "made-up", type: "view" }));
  const sent = await post("/v1/events", [...made, { user: "zoe", item: "tea", type: "view" }], String(key));
  expect([sent.accepted, (sent.refused as unknown[]).length]).toEqual([1, 60]);
  for (const name of ["newest", "trending", "popular", "for-you"])
    expect(JSON.stringify(await post(`/v1/recommendations/${name}`, { user: "zoe", k: 100 }))).not.toContain("made-up");
});

test("a list goes on after an earlier answer, to its end and without repeats", async () => {
  const filter = "page = 1";
  await post(
    "/v1/items",
    Array.from({ length: 8 }, (_, i) => ({ id: `page-${i}`, properties: { page: 1 } })),
  );
  const next = async (after?: string) => {
    const answer = await post("/v1/recommendations/popular", { user: "zoe", k: 3, filter, after });
    return { id: String(answer.id), items: (answer.items as { item: string }[]).map(({ item }) => item) };
  };
  const pages = [await next()];
  for (let page = 1; page < 4; page++) pages.push(await next(pages[page - 1].id));
  expect(pages.map(({ items }) => items.length)).toEqual([3, 3, 2, 0]);
  expect(new Set(pages.flatMap(({ items }) => items)).size).toBe(8);
  expect((await next(pages[0].id)).items).toEqual(pages[1].items);

  const refused = async (name: string, asked: object) => (await post(`/v1/recommendations/${name}`, asked)).status;
  expect(await refused("popular", { user: "zoe", after: "no-such-answer" })).toBe(404);
  expect(await refused("popular", { user: "ann", after: pages[0].id })).toBe(400);
  expect(await refused("newest", { user: "zoe", after: pages[0].id })).toBe(400);
});
