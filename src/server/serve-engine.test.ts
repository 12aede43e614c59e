import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { RecoError } from "../util/errors.ts";
import { openLog } from "./log.ts";
import { closeOnSignals, type RunningServer, type ServeOptions, serveEngine } from "./serve-engine.ts";
import { startServer } from "./start-server.ts";
import { fakeEngine } from "./testing/fake-engine.ts";
import { ask, testServer } from "./testing/test-server.ts";

const running: RunningServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function serve(engine: Engine, options?: ServeOptions) {
  const server = await serveEngine(engine, options);
  running.push(server);
  return server;
}

const config = { port: 0, log: "silent" } as const;

describe("a server", () => {
  test("only listens on this machine, and creates a first key once", async () => {
    const { engine } = await fakeEngine(config);
    const server = await serveEngine(engine);
    expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(server.firstKey).toMatch(/^rb_admin_/);
    expect((await fetch(`${server.address}/v1/stats`)).status).toBe(401);
    expect((await fetch(`${server.address}/v1/stats`, { headers: { authorization: `Bearer ${server.firstKey}` } })).status).toBe(200);
    await server.close();
    await server.close();
    await expect(fetch(`${server.address}/healthz`)).rejects.toThrow();
  });

  test("that has a key creates none", async () => {
    const { engine } = await fakeEngine(config);
    const { engine: again } = { engine: { ...engine, close: async () => {} } };
    const first = await serve(again);
    await first.close();
    expect((await serve(again)).firstKey).toBeUndefined();
  });

  test("works without keys only on a loopback address", async () => {
    const { engine } = await fakeEngine({ ...config, host: "0.0.0.0" });
    await expect(serveEngine(engine, { keyless: true })).rejects.toMatchObject({ code: "bad-config" });
    const local = await serve((await fakeEngine(config)).engine, { keyless: true });
    expect((await fetch(`${local.address}/v1/stats`)).status).toBe(200);
  });

  test("reports that its port is in use, and leaves nothing open", async () => {
    const first = await serve((await fakeEngine(config)).engine);
    const closed: string[] = [];
    const { engine } = await fakeEngine({ ...config, port: Number(new URL(first.address).port) });
    await expect(serveEngine({ ...engine, close: async () => void closed.push("engine") })).rejects.toMatchObject({ code: "in-use" });
    expect(closed).toEqual(["engine"]);
    // The first key is made by the start that can show it.
    const free = { ...engine, config: { ...engine.config, port: 0 } };
    expect((await serve(free)).firstKey).toMatch(/^rb_admin_/);
  });

  test("creates another key if the first was lost, and the first one stays valid", async () => {
    const { engine } = await fakeEngine(config);
    const again = { ...engine, close: async () => {} };
    const first = await serve(again);
    await first.close();
    const second = await serve(again, { newKey: true });
    expect(second.firstKey).not.toBe(first.firstKey);
    for (const key of [first.firstKey, second.firstKey])
      expect((await fetch(`${second.address}/v1/stats`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
  });

  test("finishes requests in progress before closing its engine, and accepts no new ones", async () => {
    const { engine } = await fakeEngine(config);
    const order: string[] = [];
    const project = engine.project.bind(engine);
    const slow: Engine = {
      ...engine,
      project: (name) => ({
        ...project(name),
        async ingest(events) {
          await setTimeout(200);
          order.push("written");
          return { accepted: events.length, duplicates: 0, refused: [] };
        },
      }),
      close: async () => void order.push("closed"),
    };
    const server = await serve(slow);
    const body = JSON.stringify({ user: "u", item: "i", type: "view" });
    const headers = { authorization: `Bearer ${server.firstKey}`, "content-type": "application/json" };
    const answer = fetch(`${server.address}/v1/events`, { method: "POST", headers, body });
    await setTimeout(100);
    await server.close();
    expect((await answer).status).toBe(200);
    expect(order).toEqual(["written", "closed"]);
  });

  test("cuts off requests that exceed the grace period", async () => {
    const { engine } = await fakeEngine(config);
    const project = engine.project.bind(engine);
    const stuck: Engine = { ...engine, project: (name) => ({ ...project(name), ingest: () => new Promise(() => {}) }) };
    const server = await serve(stuck, { grace: 0.2 });
    const headers = { authorization: `Bearer ${server.firstKey}`, "content-type": "application/json" };
    const answer = fetch(`${server.address}/v1/events`, { method: "POST", headers, body: '{"user":"u","item":"i","type":"view"}' });
    await setTimeout(100);
    await Promise.all([expect(answer).rejects.toThrow(), server.close()]);
  });

  test("starts from a configuration with a real engine, and recommends what was just seen by others", async () => {
    const server = await startServer({ store: "memory", ...config });
    running.push(server);
    const headers = { authorization: `Bearer ${server.firstKey}`, "content-type": "application/json" };
    const events = ["ann", "bob"].flatMap((user) => ["tea", "cup"].map((item) => ({ user, item, type: "view" })));
    await fetch(`${server.address}/v1/events`, { method: "POST", headers, body: JSON.stringify(events) });
    const response = await fetch(`${server.address}/v1/recommendations/popular?user=eve&k=2`, { headers });
    const { items } = (await response.json()) as { items: { item: string }[] };
    expect(items.map(({ item }) => item).sort()).toEqual(["cup", "tea"]);
  });
});

test("a signal closes a server and then ends the process; one more a second later ends it at once", async () => {
  const exits: unknown[] = [];
  const exit = vi.spyOn(process, "exit").mockImplementation((code) => exits.push(code) as never);
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  // Other servers of this process would end it too.
  const others = (["SIGTERM", "SIGINT"] as const).map((signal) => ({ signal, listeners: process.listeners(signal) }));
  for (const { signal } of others) process.removeAllListeners(signal);
  vi.useFakeTimers({ toFake: ["Date"] });
  closeOnSignals({ close: () => done });
  process.emit("SIGTERM");
  vi.setSystemTime(Date.now() + 10);
  // The same Ctrl-C, passed on twice.
  process.emit("SIGTERM");
  expect(exits).toEqual([]);
  vi.setSystemTime(Date.now() + 1050);
  process.emit("SIGTERM");
  expect(exits).toEqual([1]);
  finish();
  await setTimeout(0);
  expect(exits).toEqual([1, 0]);
  exit.mockRestore();
  vi.useRealTimers();
  for (const { signal, listeners } of others) {
    process.removeAllListeners(signal);
    for (const listener of listeners) process.on(signal, listener);
  }
});

describe("the log", () => {
  test("never contains a key, an id or a query, wherever they were put", async () => {
    const lines: string[] = [];
    const server = await testServer({}, { logger: openLog("debug", { write: (line: string) => void lines.push(line) }) });
    const { admin: key } = server;
    await ask(server, "GET", `/v1/users/person-17?key=${key}`, { key });
    await ask(server, "GET", `/v1/recommendations/for-you?user=person-17&filter=explode`, { key });
    await ask(server, "POST", "/v1/events", { key, body: { user: "person-17", item: key, type: "view" } });
    await ask(server, "GET", "/v1/stats", { headers: { authorization: `Bearer ${key}x` } });
    server.app.log.warn({ err: new Error(`It was ${key}.`) }, `So ${key} is logged`);
    await server.app.close();
    const log = lines.join("");
    expect(lines.length).toBeGreaterThan(5);
    expect(log).toContain("rb_admin_…");
    expect(log).toContain("A secret of the inside");
    expect(log).not.toContain(key.slice(12, 30));
    expect(log).not.toContain("person-17");
  });
});

test("an internal error reveals nothing internal", async () => {
  const server = await testServer();
  const { status, problem, type } = await ask(server, "GET", "/v1/recommendations/for-you?filter=explode", { key: server.admin });
  expect([status, type, problem.code]).toEqual([500, "application/problem+json; charset=utf-8", "internal"]);
  expect(JSON.stringify(problem)).not.toMatch(/secret|home/);
  await server.app.close();
});

test("a failed disk write is reported without the path, and reads keep working", async () => {
  const server = await testServer();
  const { admin: key } = server;
  await ask(server, "PUT", "/v1/items/tea", { key, body: {} });
  const project = server.engine.project.bind(server.engine);
  server.engine.project = (name) => ({
    ...project(name),
    ingest: () => Promise.reject(new RecoError("storage-failed", "disk full: /var/lib/secret-place/recobase.db")),
  });
  const { status, problem, headers } = await ask(server, "POST", "/v1/events", { key, body: { user: "u", item: "i", type: "view" } });
  expect([status, problem.code, headers["retry-after"]]).toEqual([503, "storage-failed", "5"]);
  expect(problem.detail).toMatch(/write to the disk or database failed; nothing was stored/);
  expect(JSON.stringify(problem)).not.toContain("secret-place");
  expect((await ask(server, "GET", "/v1/items/tea", { key })).status).toBe(200);
  await server.app.close();
});

test("a key over its rate limit is told when to retry, and other keys are not affected", async () => {
  const server = await testServer({ limits: { requestsPerMinute: 5 } });
  const { admin: key } = server;
  const other = (await ask(server, "POST", "/v1/keys", { key, body: { scope: "secret", name: "other" } })).body as { key: string };
  const answers = [];
  for (let i = 0; i < 6; i++) answers.push(await ask(server, "GET", "/v1/items", { key }));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429, 429]);
  expect(answers[5].problem.code).toBe("rate-limited");
  expect(Number(answers[5].headers["retry-after"])).toBeGreaterThan(0);
  expect((await ask(server, "GET", "/v1/items", { key: other.key })).status).toBe(200);
  expect((await ask(server, "GET", "/healthz")).status).toBe(200);
  await server.app.close();
});

describe("monitoring", () => {
  test("health, readiness and metrics are served", async () => {
    const server = await testServer();
    const { admin: key } = server;
    expect((await ask(server, "GET", "/healthz")).body).toEqual({ status: "ok" });
    expect((await ask(server, "GET", "/readyz")).body).toEqual({ status: "ok" });
    await ask(server, "POST", "/v1/events", {
      key,
      body: [
        { user: "u", item: "i", type: "view" },
        { user: "u", item: "j", type: "view" },
      ],
    });
    await ask(server, "GET", "/v1/recommendations/for-you?user=u", { key });
    await ask(server, "GET", "/v1/items/none", { key });
    const { status, type, body } = await ask(server, "GET", "/metrics", { key });
    expect([status, type]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
    for (const line of [
      'recobase_events_total{project="default",outcome="accepted"} 2',
      'recobase_answers_total{project="default",recommender="for-you"} 1',
      'recobase_skipped_sources_total{project="default",source="ease",reason="not-ready"} 1',
      'recobase_http_request_seconds_count{method="GET",route="/v1/items/:item",status="404"} 1',
      'recobase_stored{project="default",kind="events"} 2',
      'recobase_event_loop_lag_seconds{quantile="0.99"}',
      'recobase_model_age_seconds{project="default",slot="main",model="ease"}',
      "recobase_store_bytes ",
    ])
      expect(body).toContain(line);
    await server.app.close();
  });

  test("a server that cannot answer for every project is not ready", async () => {
    const server = await testServer();
    const project = server.engine.project.bind(server.engine);
    server.engine.project = (name) => ({
      ...project(name),
      recommenders: () => {
        throw new Error("not open");
      },
    });
    const { status, problem } = await ask(server, "GET", "/readyz");
    expect([status, problem.code]).toEqual([503, "unavailable"]);
    expect((await ask(server, "GET", "/healthz")).status).toBe(200);
    await server.app.close();
  });

  test("the documentation page loads nothing from elsewhere, and may be framed by nobody", async () => {
    const server = await testServer();
    const page = await ask(server, "GET", "/docs");
    expect([page.status, page.type]).toEqual([200, "text/html; charset=utf-8"]);
    const html = String(page.body);
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    const policy = String(page.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/https:|upgrade-insecure|validator/);
    expect(page.headers).toMatchObject({ "x-frame-options": "DENY", "x-content-type-options": "nosniff" });
    for (const [, path] of html.matchAll(/(?:src|href)="\.\/([^"]+)"/g))
      expect((await ask(server, "GET", `/docs/${path}`)).status).toBe(200);
    await server.app.close();
  });
});

test("models, jobs and a backup are answered by the engine", async () => {
  const server = await testServer();
  const { admin: key } = server;
  const { body } = await ask(server, "GET", "/v1/models", { key });
  expect(body).toMatchObject({ models: [{ id: "m1", state: "in-service", metrics: { "ndcg@10": 0.1, "recall@10": null } }] });
  expect((await ask(server, "POST", "/v1/models/main/rollback", { key })).body).toMatchObject({ id: "m1" });
  expect((await ask(server, "POST", "/v1/models/other/rollback", { key })).status).toBe(404);
  const job = await ask(server, "POST", "/v1/jobs", { key, body: { kind: "train" } });
  expect([job.status, job.body]).toMatchObject([202, { id: "j1", state: "waiting" }]);
  expect((await ask(server, "GET", "/v1/jobs/j1", { key })).body).toMatchObject({ id: "j1" });
  expect((await ask(server, "DELETE", "/v1/jobs/j1", { key })).status).toBe(204);
  expect((await ask(server, "DELETE", "/v1/jobs/j2", { key })).status).toBe(404);
  expect((await ask(server, "POST", "/v1/recommenders/for-you/dry-run", { key, body: { filter: "true" } })).body).toMatchObject({
    coverage: [0.5, 0.25],
    ndcg: [null, null],
  });
  const backup = await ask(server, "POST", "/v1/backup", { key });
  expect([backup.status, backup.problem.code]).toEqual([422, "unsupported"]);
  await server.app.close();
});

test("a configuration is checked before anything is opened by it", async () => {
  await expect(startServer({ store: "memory", log: "loud" as "info" })).rejects.toMatchObject({ code: "bad-config", message: /log/ });
});
