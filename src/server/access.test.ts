import { createHmac } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { ask, testServer } from "./testing/test-server.ts";

const [NEW_SECRET, OLD_SECRET] = ["n".repeat(40), "o".repeat(40)];
const servers = [
  await testServer({ projects: { shop: { origins: ["https://shop.example"], userSecrets: [NEW_SECRET, OLD_SECRET] } } }),
  await testServer({}, { keyless: true }),
];
const [server, keyless] = servers;
const { admin } = server;
afterAll(async () => {
  for (const { app } of servers) await app.close();
});

await server.engine.createProject("shop");
await server.engine.createProject("other");

async function makeKey(scope: string, project?: string): Promise<string> {
  const { body } = await ask(server, "POST", "/v1/keys", { key: admin, body: { scope, name: scope, ...(project && { project }) } });
  return (body as { key: string }).key;
}

const secret = await makeKey("secret", "shop");
const browser = await makeKey("browser", "shop");
const event = { user: "u", item: "i", type: "view" };

describe("a key", () => {
  test("is 256 random bits behind a prefix that says what it is", () => {
    expect(secret).toMatch(/^rb_secret_[\w-]{43}$/);
    expect(browser).toMatch(/^rb_browser_[\w-]{43}$/);
    expect(admin).toMatch(/^rb_admin_[\w-]{43}$/);
  });

  test("is only stored as a hash", () => {
    const kept = JSON.stringify(server.engine.store.documents.list("key"));
    for (const key of [secret, browser, admin]) expect(kept).not.toContain(key.slice(-20));
    expect(kept).toMatch(/"hash":"[0-9a-f]{64}"/);
  });

  test.each([
    ["missing", undefined],
    ["of another shape", "Basic dTpw"],
    ["unknown", `Bearer rb_secret_${"x".repeat(43)}`],
    ["with one letter changed", `Bearer ${"rb_secret_x"}`],
    ["endless", `Bearer rb_secret_${"x".repeat(5000)}`],
    ["empty", "Bearer "],
  ])("that is %s opens nothing", async (_, authorization) => {
    const { status, problem, headers } = await ask(server, "GET", "/v1/stats", {
      headers: authorization === undefined ? {} : { authorization },
    });
    expect([status, problem.code, headers["www-authenticate"]]).toEqual([401, "unauthorized", "Bearer"]);
  });

  test("doesn't work once it is revoked", async () => {
    const key = await makeKey("secret", "shop");
    expect((await ask(server, "GET", "/v1/items", { key })).status).toBe(200);
    const { body } = await ask(server, "GET", "/v1/keys", { key: admin });
    const { id } = (body as { keys: { id: string; created: number }[] }).keys.at(-1) ?? { id: "" };
    expect((await ask(server, "DELETE", `/v1/keys/${id}`, { key: admin })).status).toBe(204);
    expect((await ask(server, "GET", "/v1/items", { key })).status).toBe(401);
  });

  test("says in the list when it was last used, and never what it is", async () => {
    await ask(server, "GET", "/v1/items", { key: secret });
    const { body } = await ask(server, "GET", "/v1/keys", { key: admin });
    const { keys } = body as { keys: { scope: string; used?: number }[] };
    expect(keys.find(({ scope }) => scope === "secret")?.used).toBeGreaterThan(Date.now() - 10_000);
    expect(JSON.stringify(body)).not.toMatch(/rb_|hash/);
  });

  test("of an admin cannot be revoked while it is the last", async () => {
    const { body } = await ask(server, "GET", "/v1/keys", { key: admin });
    const last = (body as { keys: { scope: string; id: string }[] }).keys.find(({ scope }) => scope === "admin");
    expect((await ask(server, "DELETE", `/v1/keys/${last?.id}`, { key: admin })).status).toBe(409);
  });
});

describe("a browser key", () => {
  test("may write events and read recommendations", async () => {
    expect((await ask(server, "POST", "/v1/events", { key: secret, body: event })).status).toBe(200);
    expect((await ask(server, "POST", "/v1/events", { key: browser, body: event })).status).toBe(200);
    expect((await ask(server, "GET", "/v1/recommendations/for-you?user=u", { key: browser })).status).toBe(200);
    expect(
      (await ask(server, "POST", "/v1/recommendations/for-you", { key: browser, body: { history: ["a"], parameters: { max: 3 } } })).status,
    ).toBe(200);
  });

  test.each([
    ["GET", "/v1/events?user=u"],
    ["GET", "/v1/items"],
    ["HEAD", "/v1/items"],
    ["PUT", "/v1/items/a"],
    ["GET", "/v1/users/u"],
    ["DELETE", "/v1/users/u"],
    ["GET", "/v1/users/u/export"],
    ["GET", "/v1/recommenders"],
    ["PUT", "/v1/recommenders/a"],
    ["GET", "/v1/models"],
    ["POST", "/v1/jobs"],
    ["GET", "/v1/export/events"],
    ["POST", "/v1/import/events"],
    ["GET", "/v1/stats"],
    ["GET", "/v1/keys"],
    ["POST", "/v1/keys"],
    ["GET", "/v1/projects"],
    ["POST", "/v1/backup"],
    ["GET", "/metrics"],
  ] as const)("may not %s %s", async (method, url) => {
    const { status, problem } = await ask(server, method, url, {
      key: browser,
      ...(method === "GET" || method === "HEAD" ? {} : { body: {} }),
    });
    expect(status).toBe(403);
    if (method !== "HEAD") expect(problem.code).toBe("forbidden");
  });

  test.each([{ trace: true }, { why: ["a"] }, { filter: "cost < 5" }, { boosts: [{ by: "cost" }] }, { seed: 1 }, { k: 101 }])(
    "can't send %o, which would reveal more than a page needs",
    async (body) => {
      expect((await ask(server, "POST", "/v1/recommendations/for-you", { key: browser, body })).status).toBe(403);
    },
  );

  test("can't request lists of users", async () => {
    expect((await ask(server, "GET", "/v1/recommendations/audience?item=a", { key: browser })).status).toBe(403);
    expect((await ask(server, "GET", "/v1/recommendations/audience?item=a", { key: secret })).status).toBe(200);
  });

  test("is not told why a source failed", async () => {
    const skipped = async (key: string) =>
      ((await ask(server, "GET", "/v1/recommendations/for-you", { key })).body as { skipped: unknown }).skipped;
    expect(await skipped(browser)).toEqual([{ source: "ease", reason: "not-ready", message: "" }]);
    expect(await skipped(secret)).toEqual([{ source: "ease", reason: "not-ready", message: "There was no fit yet." }]);
  });

  test("can't add items: events about unknown ones are refused and the others stored", async () => {
    const made = { ...event, item: "made-up" };
    const { status, body } = await ask(server, "POST", "/v1/events", { key: browser, body: [made, event, { ...event, user: "" }] });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      accepted: 1,
      refused: [
        { index: 0, path: "/item" },
        { index: 2, path: "/user" },
      ],
    });
    expect((await ask(server, "POST", "/v1/events", { key: browser, body: made })).status).toBe(400);
    expect((await ask(server, "POST", "/v1/events", { key: secret, body: { ...made, item: "announced" } })).status).toBe(200);
    expect((await ask(server, "POST", "/v1/events", { key: browser, body: { ...made, item: "announced" } })).status).toBe(200);
  });

  test("can't use up a backend's idempotency keys, and its own count once", async () => {
    const keyed = (id: string) => ({ ...event, key: id });
    const accepted = async (key: string, id: string) =>
      ((await ask(server, "POST", "/v1/events", { key, body: keyed(id) })).body as { accepted: number }).accepted;
    for (const id of ["order-1", "o".repeat(512)])
      expect([await accepted(browser, id), await accepted(browser, id), await accepted(secret, id), await accepted(secret, id)]).toEqual([
        1, 0, 1, 0,
      ]);
  });

  test("can't use up the limit of event types", async () => {
    const many = (from: number, count: number) => Array.from({ length: count }, (_, i) => ({ ...event, type: `type-${from + i}` }));
    expect((await ask(server, "POST", "/v1/events", { key: browser, body: many(0, 60) })).status).toBe(200);
    expect((await ask(server, "POST", "/v1/events", { key: browser, body: many(60, 20) })).status).toBe(403);
    expect((await ask(server, "POST", "/v1/events", { key: browser, body: many(0, 60) })).status).toBe(200);
    expect((await ask(server, "POST", "/v1/events", { key: secret, body: many(60, 20) })).status).toBe(200);
    expect((await ask(server, "POST", "/v1/events", { key: browser, body: many(60, 20) })).status).toBe(200);
  });
});

/** As the documentation says. */
function userToken(user: string, secret = NEW_SECRET, { project = "shop", seconds = 3600 } = {}): string {
  const body = `${Buffer.from(user).toString("base64url")}.${Math.floor(Date.now() / 1000) + seconds}`;
  return `${body}.${createHmac("sha256", secret).update(`${project}.${body}`).digest("base64url")}`;
}

describe("a page's visitor", () => {
  const visitor = "anon-0b6f1a52-3c4d-4e8f-9a0b-1c2d3e4f5a6b";
  const listFor = async (query: string, token?: string) => {
    const before = server.asked.length;
    const answer = await ask(server, "GET", `/v1/recommendations/for-you${query}`, {
      key: browser,
      headers: token === undefined ? {} : { "recobase-user": token },
    });
    return { status: answer.status, code: answer.problem.code, user: server.asked[before]?.request.user, body: answer.body };
  };

  test("is whom a signed token names", async () => {
    for (const secret of [NEW_SECRET, OLD_SECRET]) {
      const token = userToken("ann@example.com", secret);
      expect(await listFor("", token)).toMatchObject({ status: 200, user: "ann@example.com" });
      expect(await listFor("?user=ann%40example.com", token)).toMatchObject({ status: 200, user: "ann@example.com" });
      expect(await listFor("?user=ben", token)).toMatchObject({ status: 403, user: undefined });
    }
  });

  test("is nobody without a token, unless the id can't be guessed, and the answer says so", async () => {
    for (const user of [
      "ann",
      "0b6f1a52-3c4d-4e8f-9a0b-1c2d3e4f5a6b",
      "ann@a-long-enough-domain.example.com",
      "1234567890123456789012345678901234567890",
      "anon-1",
    ]) {
      const { status, user: asked, body } = await listFor(`?user=${encodeURIComponent(user)}`);
      expect([status, asked]).toEqual([200, undefined]);
      expect((body as { skipped: unknown[] }).skipped).toContainEqual({ source: "user", reason: "unsigned", message: expect.any(String) });
    }
    for (const user of [visitor, "anon-Zk3vN1xQ8rT6yB2mW9pL"]) expect((await listFor(`?user=${user}`)).user).toBe(user);
    const before = server.asked.length;
    await ask(server, "GET", "/v1/recommendations/for-you?user=ann", { key: secret });
    expect(server.asked[before].request.user).toBe("ann");
  });

  test.each<[string, () => string]>([
    ["signed with another secret", () => userToken("ann", "x".repeat(40))],
    ["for another project", () => userToken("ann", NEW_SECRET, { project: "other" })],
    ["that has expired", () => userToken("ann", NEW_SECRET, { seconds: -1 })],
    ["whose user was changed", () => userToken("ann").replace(/^[^.]+/, Buffer.from("ben").toString("base64url"))],
    ["whose end was changed", () => userToken("ann").replace(/\.\d+\./, ".9999999999.")],
    ["without a signature", () => userToken("ann").replace(/[^.]+$/, "")],
    ["with something after it", () => `${userToken("ann")}.x`],
    ["that is none", () => "ann"],
  ])("a token %s is refused", async (_, token) => {
    expect(await listFor("", token())).toMatchObject({ status: 401, code: "unauthorized", user: undefined });
  });

  test("can claim only what just happened to them, within limits", async () => {
    const send = async (body: unknown, token?: string) =>
      ask(server, "POST", "/v1/events", { key: browser, body, headers: token === undefined ? {} : { "recobase-user": token } });
    const now = Date.now();
    const hours = (count: number) => now - count * 3_600_000;
    const { body } = await send([
      { ...event, time: hours(23) },
      { ...event, time: hours(25) },
      { ...event, time: new Date(hours(48)).toISOString() },
      { ...event, value: 1e7 },
      { ...event, value: -1.1e7 },
    ]);
    expect(body).toMatchObject({
      accepted: 2,
      refused: [
        { index: 1, path: "/time" },
        { index: 2, path: "/time" },
        { index: 4, path: "/value" },
      ],
    });
    const old = { ...event, time: hours(25), value: 1e9 };
    expect((await ask(server, "POST", "/v1/events", { key: secret, body: old })).body).toMatchObject({ accepted: 1 });
    expect((await send(Array.from({ length: 1001 }, () => event))).status).toBe(413);
    expect((await send([event, { ...event, user: "ben" }], userToken(event.user))).body).toMatchObject({
      accepted: 1,
      refused: [{ index: 1, path: "/user" }],
    });
  });
});

describe("a project", () => {
  test("is that of the key, and another one stays closed", async () => {
    await ask(server, "PUT", "/v1/items/of-shop", { key: secret, body: {} });
    const items = async (key: string, project?: string) => {
      const { status, body } = await ask(server, "GET", "/v1/items", {
        key,
        headers: project === undefined ? {} : { "recobase-project": project },
      });
      return status === 200 ? (body as { items: { id: string }[] }).items.map(({ id }) => id) : status;
    };
    expect(await items(secret)).toEqual(["of-shop"]);
    expect(await items(secret, "shop")).toEqual(["of-shop"]);
    expect(await items(secret, "other")).toBe(403);
    expect(await items(secret, "default")).toBe(403);
    expect(await items(admin)).toEqual([]);
    expect(await items(admin, "shop")).toEqual(["of-shop"]);
    expect(await items(admin, "nowhere")).toBe(404);
    expect(await items(admin, "__proto__")).toBe(404);
  });

  test("deletes its keys with it, so that they don't work for a later project of the same name", async () => {
    await ask(server, "POST", "/v1/projects", { key: admin, body: { name: "brief" } });
    const key = await makeKey("secret", "brief");
    expect((await ask(server, "GET", "/v1/items", { key })).status).toBe(200);
    expect((await ask(server, "DELETE", "/v1/projects/brief", { key: admin })).status).toBe(204);
    await ask(server, "POST", "/v1/projects", { key: admin, body: { name: "brief" } });
    expect((await ask(server, "GET", "/v1/items", { key })).status).toBe(401);
  });

  test("is made and deleted with an admin key alone", async () => {
    expect((await ask(server, "POST", "/v1/projects", { key: secret, body: { name: "mine" } })).status).toBe(403);
    expect((await ask(server, "DELETE", "/v1/projects/other", { key: secret })).status).toBe(403);
    expect((await ask(server, "DELETE", "/v1/projects/default", { key: admin })).status).toBe(409);
  });
});

describe("a page", () => {
  const from = (origin: string) => ({ headers: { origin } });

  test("of an allowed origin may call with its project's key", async () => {
    const { status, headers } = await ask(server, "POST", "/v1/events", { key: browser, body: event, ...from("https://shop.example") });
    expect([status, headers["access-control-allow-origin"]]).toEqual([200, "https://shop.example"]);
  });

  test("of another origin may not, and is told why in words it cannot read", async () => {
    const { status, headers } = await ask(server, "POST", "/v1/events", { key: browser, body: event, ...from("https://evil.example") });
    expect([status, headers["access-control-allow-origin"]]).toEqual([403, undefined]);
  });

  test("of an origin that only another project allows may not", async () => {
    const key = await makeKey("browser", "other");
    expect((await ask(server, "POST", "/v1/events", { key, body: event, ...from("https://shop.example") })).status).toBe(403);
  });

  test("may ask first (preflight)", async () => {
    const asked = { "access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type" };
    const good = await ask(server, "OPTIONS", "/v1/events", { headers: { origin: "https://shop.example", ...asked } });
    expect([good.status, good.headers["access-control-allow-origin"]]).toEqual([204, "https://shop.example"]);
    const evil = await ask(server, "OPTIONS", "/v1/events", { headers: { origin: "https://evil.example", ...asked } });
    expect(evil.headers["access-control-allow-origin"]).toBeUndefined();
  });
});

describe("without keys", () => {
  const get = (headers: Record<string, string>) => ask(keyless, "GET", "/v1/items", { headers });

  test("this machine may ask", async () => {
    expect((await get({ host: "localhost:7700" })).status).toBe(200);
    expect((await get({ host: "127.0.0.1:7700" })).status).toBe(200);
    expect((await get({ host: "[::1]:7700" })).status).toBe(200);
    expect((await get({ host: "localhost:7700", origin: "http://localhost:7700", "sec-fetch-site": "same-origin" })).status).toBe(200);
  });

  test.each([
    ["whose name was pointed at this machine", { host: "evil.example:7700" }],
    ["of another origin", { host: "localhost:7700", origin: "https://evil.example" }],
    ["of another port of this machine", { host: "localhost:7700", origin: "http://localhost:3000" }],
    ["that hides its origin", { host: "localhost:7700", origin: "null" }],
    ["that the browser calls foreign", { host: "localhost:7700", "sec-fetch-site": "cross-site" }],
    ["of the same site", { host: "localhost:7700", "sec-fetch-site": "same-site" }],
    ["behind a proxy", { host: "localhost:7700", "x-forwarded-for": "10.0.0.1" }],
  ])("a page %s may not", async (_, headers) => {
    expect((await get(headers)).status).toBe(401);
  });

  test("a wrong key is refused all the same", async () => {
    expect((await get({ host: "localhost", authorization: "Bearer rb_secret_wrong" })).status).toBe(401);
  });
});
