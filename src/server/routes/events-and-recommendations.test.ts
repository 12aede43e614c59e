import { afterAll, describe, expect, test } from "vitest";
import { ask, testServer } from "../testing/test-server.ts";

const server = await testServer();
const { admin: key } = server;
afterAll(() => server.app.close());

describe("events", () => {
  test("one event is taken, with now as its time", async () => {
    const before = Date.now();
    const { status, body } = await ask(server, "POST", "/v1/events", { key, body: { user: "u", item: "ä/😀", type: "view" } });
    expect([status, body]).toEqual([200, { accepted: 1, duplicates: 0, refused: [] }]);
    const { events } = await server.store.exportUser("u");
    expect(events).toMatchObject([{ user: "u", item: "ä/😀", type: "view", value: 1 }]);
    expect(events[0].time).toBeGreaterThanOrEqual(before);
  });

  test("a list is taken, and an ISO time is read", async () => {
    const events = [
      { user: "u2", item: "a", type: "view", time: "2026-01-01T00:00:00Z" },
      { user: "u2", item: "b", type: "buy", time: 1_767_225_600_001, value: 2.5, context: { device: "phone" } },
    ];
    expect((await ask(server, "POST", "/v1/events", { key, body: events })).status).toBe(200);
    expect((await ask(server, "GET", "/v1/events?user=u2", { key })).body).toEqual({
      events: [
        { id: expect.any(String), item: "b", type: "buy", value: 2.5, time: 1_767_225_600_001 },
        { id: expect.any(String), item: "a", type: "view", value: 1, time: 1_767_225_600_000 },
      ],
    });
  });

  test("one of them is deleted by its id", async () => {
    const listed = async () =>
      ((await ask(server, "GET", "/v1/events?user=u2", { key })).body as { events: { id: string; item: string }[] }).events;
    const [newest] = await listed();
    expect((await ask(server, "DELETE", `/v1/events/${newest.id}`, { key })).status).toBe(204);
    expect((await listed()).map(({ item }) => item)).toEqual(["a"]);
    const again = await ask(server, "DELETE", `/v1/events/${newest.id}`, { key });
    expect([again.status, again.problem.code]).toEqual([404, "not-found"]);
    expect((await ask(server, "DELETE", "/v1/events/nonsense", { key })).status).toBe(404);
  });

  test("an unknown field is refused, with the near one", async () => {
    const { status, type, problem } = await ask(server, "POST", "/v1/events", { key, body: [{ usr: "u", item: "a", type: "view" }] });
    expect([status, type, problem.code]).toEqual([400, "application/problem+json; charset=utf-8", "bad-input"]);
    expect(problem.errors).toEqual([{ in: "body", path: "/0/usr", message: 'Unknown field "usr". Did you mean user?' }]);
  });
});

describe("recommendations", () => {
  test("GET asks for the common case", async () => {
    const { status, body } = await ask(server, "GET", "/v1/recommendations/for-you?user=u&k=2&item=a&item=b&filter=price%20%3C%205", {
      key,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ recommender: "for-you", items: [{ item: "item-0" }, { item: "item-1" }] });
    expect(server.asked.at(-1)?.request).toEqual({ user: "u", k: 2, items: ["a", "b"], filter: "price < 5" });
  });

  test("POST asks for everything", async () => {
    const asked = {
      history: ["a", { item: "b", time: 1_767_225_600_000, type: "rating", value: -1 }],
      k: 3,
      filter: "price < $max",
      parameters: { max: 5, tags: ["a"] },
      boosts: [{ by: "2" }],
      context: { device: "phone" },
      trace: true,
      why: ["c"],
    };
    expect((await ask(server, "POST", "/v1/recommendations/for-you", { key, body: asked })).status).toBe(200);
    expect(server.asked.at(-1)?.request).toEqual(asked);
  });
});

test("without a key there is no answer", async () => {
  const { status, problem, headers } = await ask(server, "GET", "/v1/recommendations/for-you?user=u");
  expect([status, problem.code, headers["www-authenticate"]]).toEqual([401, "unauthorized", "Bearer"]);
});

test("the document describes every operation", async () => {
  const { status, body } = await ask(server, "GET", "/openapi.json");
  expect(status).toBe(200);
  expect(body).toMatchObject({ openapi: "3.1.0", paths: { "/v1/events": { post: { operationId: "addEvents" } } } });
});
