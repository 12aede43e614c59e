import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEngine } from "../engine/open-engine.ts";
import { createServer } from "./create-server.ts";
import { ask } from "./testing/test-server.ts";

const SECRET = "s".repeat(40);
const VISITOR = "anon-0b6f1a52-3c4d-4e8f-9a0b-1c2d3e4f5a6b";
const ITEMS = ["tea", "cup", "jug", "pot", "bag", "tin"];

const engine = await openEngine({
  store: "memory",
  log: "silent",
  events: { view: 1, purchase: 5 },
  projects: { default: { userSecrets: [SECRET] } },
});
const server = await createServer(engine);
const admin = (await server.keys.createFirst()) ?? "";
let [secret, browser] = ["", ""];

beforeAll(async () => {
  const made = async (scope: string) =>
    ((await ask(server, "POST", "/v1/keys", { key: admin, body: { scope, name: scope, project: "default" } })).body as { key: string }).key;
  [secret, browser] = [await made("secret"), await made("browser")];
  await ask(server, "POST", "/v1/items", { key: secret, body: ITEMS.map((id) => ({ id, properties: {} })) });
  const others = ITEMS.flatMap((item, i) => [0, 1, 2].map((user) => ({ user: `other-${(i + user) % 5}`, item, type: "view" })));
  const own = ["ann", VISITOR].flatMap((user) => [
    { user, item: "pot", type: "view" },
    ...[40, 30, 20, 10].map((days) => ({ user, item: "jug", type: "purchase", time: Date.now() - days * 86_400_000 })),
  ]);
  const { body } = await ask(server, "POST", "/v1/events", { key: secret, body: [...others, ...own] });
  expect(body).toMatchObject({ accepted: others.length + own.length });
});
afterAll(async () => {
  await server.app.close();
  await engine.close();
});

interface List {
  readonly basis: string;
  readonly items: readonly { readonly item: string }[];
}

/** What a list shows, whatever its order, in which exploration plays a part. The catalog fits in a list, so an item left out shows too. */
function shown({ basis, items }: List): unknown {
  return { basis, items: items.map(({ item }) => item).sort() };
}

async function post(recommender: string, key: string, body: object, token?: string): Promise<List> {
  const headers: Record<string, string> = token === undefined ? {} : { "recobase-user": token };
  const answer = await ask(server, "POST", `/v1/recommendations/${recommender}`, { key, body: { k: 50, ...body }, headers });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body as List;
}

const FOR_ITEMS = { items: ["tea"] };
const RECOMMENDERS: readonly [string, object][] = Object.entries(engine.project("default").recommenders())
  .filter(([, { spec }]) => spec.for !== "items-to-users" && spec.for !== "similar-users")
  .map(([name, { spec }]) => [name, spec.for === "items" ? FOR_ITEMS : name === "rerank" ? { candidates: ITEMS } : {}]);

test.each(RECOMMENDERS)("%s tells a page nothing about somebody whose id it only knows", async (recommender, body) => {
  const ofNobody = shown(await post(recommender, browser, body));
  expect(shown(await post(recommender, browser, { ...body, user: "ann" }))).toEqual(ofNobody);
  const page = await ask(server, "POST", "/v1/recommendations", {
    key: browser,
    body: { user: "ann", lists: [{ recommender, k: 50, ...body }] },
  });
  expect((page.body as { lists: List[] }).lists.map(shown)).toEqual([ofNobody]);
});

test("the page whose visitor it is gets what is stored, with the token of the documentation or an id that nobody can guess", async () => {
  const text = await readFile(new URL("../../docs/http-api.md", import.meta.url), "utf8");
  const source = /^(function userToken[\s\S]+?^})/m.exec(text)?.[1].replaceAll(": string", "") ?? "";
  const sign = new Function("createHmac", "process", `${source}\nreturn userToken;`);
  const userToken = sign(createHmac, { env: { RECOBASE_USER_SECRET: SECRET } }) as (user: string) => string;
  const items = async (user: string | undefined, token?: string) =>
    (await post("recently-viewed", browser, user === undefined ? {} : { user }, token)).items.map(({ item }) => item).sort();
  expect(await items(undefined, userToken("ann"))).toEqual(await items(VISITOR));
  expect(await items(VISITOR)).toContain("pot");
  expect(await items("ann")).toEqual([]);
  // The lists that are compared above would show a purchase.
  expect(shown(await post("buy-again", browser, { user: VISITOR }))).toMatchObject({ items: ["jug"] });
});

test("the next part of a person's list can't be had with the id of its first part alone", async () => {
  const { id } = (await post("for-you", secret, { user: "ann", k: 1 })) as List & { id: string };
  const answer = await ask(server, "POST", "/v1/recommendations/for-you", { key: browser, body: { user: "ann", after: id } });
  expect([answer.status, answer.problem.code]).toEqual([400, "bad-input"]);
});

test("events about unknown items are counted in health and metrics", async () => {
  const made = (item: string) => ({ user: VISITOR, item, type: "view" });
  await ask(server, "POST", "/v1/events", { key: browser, body: [made("made-up"), made("tea"), made("made-up-too"), made("made-up")] });
  const { body } = await ask(server, "GET", "/v1/health", { key: secret });
  expect((body as { unknownItems: unknown }).unknownItems).toEqual({ events: 3, ids: ["made-up", "made-up-too"] });
  const metrics = await ask(server, "GET", "/metrics", { key: admin });
  expect(metrics.body).toContain('recobase_unknown_item_events_total{project="default"} 3');
});
