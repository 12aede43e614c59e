import { connect } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import type { Problem } from "./problem.ts";
import { testServer } from "./testing/test-server.ts";

// A real server on a real port: what a framework's own injection would tidy up comes here as it is.
const server = await testServer({ limits: { bodyBytes: 64 * 1024 } });
await server.app.listen({ port: 0, host: "127.0.0.1" });
const { port } = server.app.server.address() as { port: number };
afterAll(() => server.app.close());

const key = { authorization: `Bearer ${server.admin}` };
const json = { ...key, "content-type": "application/json" };

async function send(method: string, path: string, body?: string | Buffer, headers: Record<string, string> = json) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers,
    body: body === undefined ? null : new Blob([new Uint8Array(Buffer.from(body))]),
  });
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  return { status: response.status, type, text, problem: (type.includes("json") ? JSON.parse(text) : {}) as Problem };
}

const postEvent = (body: string | Buffer) => send("POST", "/v1/events", body);
const event = (fields: object) => JSON.stringify({ user: "u", item: "i", type: "view", ...fields });

/** Sends bytes as they are, and returns what comes back until the other side closes; `cut` hangs up at once. */
function raw(bytes: string | Buffer, cut = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => (cut ? socket.end(bytes) : socket.write(bytes)));
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk)).on("close", () => resolve(Buffer.concat(chunks).toString()));
    socket.on("error", reject);
  });
}

/** It is a problem that a person can read, and nothing of the inside is in it. */
function expectProblem({ status, type, problem, text }: Awaited<ReturnType<typeof send>>, expected: number) {
  expect([status, type]).toEqual([expected, "application/problem+json; charset=utf-8"]);
  expect(problem).toMatchObject({ status: expected, type: `urn:recobase:problem:${problem.code}` });
  expect(problem.detail.length).toBeGreaterThan(10);
  expect(text).not.toMatch(/node_modules|\.ts:|\.js:|at \w+ \(|FST_|stack/);
}

const kept = () => server.store.size;

describe("a body", () => {
  test.each<[string, string | Buffer, RegExp]>([
    ["cut off", '{"user":"u"', /ends unexpectedly/],
    ["with a comma too many", '{"user":"u",}', /position 12/],
    ["that is empty", "", /must be an event or a list of events, but is null/],
    ["of nothing but spaces", "   ", /ends unexpectedly/],
    ["of text", '"event"', /must be an event or a list/],
    ["of a number", "17", /must be an event or a list/],
    ["of null", "null", /must be an event or a list/],
    ["that is a list of nothing", "[]", /at least 1 entry/],
    ["with a list in it", "[[]]", /must be an object/],
    ["that is no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), /not UTF-8/],
    ["cut within a character", Buffer.from('{"user":"ä').subarray(0, -1), /not UTF-8/],
    ["with a byte-order mark", `\ufeff${event({})}`, /not JSON/],
    ["nested a hundred levels deep", `${"[".repeat(100)}${"]".repeat(100)}`, /nested more than 16/],
    ["nested deep without an end", "[".repeat(60_000), /nested more than 16/],
    [
      "nested deep in an unknown field",
      event({ context: { a: JSON.parse("[".repeat(20) + "]".repeat(20)) as unknown } }),
      /nested more than 16/,
    ],
    ["that reaches for a prototype", '{"user":"u","item":"i","type":"view","__proto__":{"admin":true}}', /__proto__/],
    ["that reaches for a prototype with escapes", '{"user":"u","item":"i","type":"view","\\u005f_proto__":{"admin":true}}', /__proto__/],
    ["that reaches deeper for a prototype", '{"user":"u","item":"i","type":"view","context":{"__proto__":1}}', /__proto__/],
  ])("%s is refused", async (_, body, says) => {
    const before = kept();
    const answer = await postEvent(body);
    expectProblem(answer, 400);
    expect(answer.problem.detail).toMatch(says);
    expect(kept()).toBe(before);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test("larger than allowed is refused, also when it does not say so", async () => {
    const body = JSON.stringify(Array.from({ length: 2000 }, () => ({ user: "u".repeat(50), item: "i", type: "view" })));
    expectProblem(await postEvent(body), 413);
    const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const head = `POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: ${key.authorization}\r\nContent-Type: application/json\r\nConnection: close\r\n`;
    expect(await raw(`${head}Transfer-Encoding: chunked\r\n\r\n${chunks}`)).toMatch(/^HTTP\/1.1 413 /);
  });

  test("of more than 10,000 events is refused whole", async () => {
    const big = await testServer();
    const body = JSON.stringify(Array.from({ length: 10_001 }, () => ({ user: "u", item: "i", type: "view" })));
    const response = await big.app.inject({
      method: "POST",
      url: "/v1/events",
      headers: { ...json, authorization: `Bearer ${big.admin}` },
      body,
    });
    expect(response.statusCode).toBe(400);
    expect(response.json<Problem>().detail).toContain("10,001 entries; at most 10,000");
    expect(big.store.size).toBe(0);
    await big.app.close();
  });

  test.each([
    "text/plain",
    "application/xml",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "application/x-ndjson",
  ])("of type %s is refused", async (type) => {
    expectProblem(await send("POST", "/v1/events", event({}), { ...key, "content-type": type }), 415);
  });
});

describe("an event", () => {
  test.each<[string, object, RegExp]>([
    ["with a number for an id", { user: 7 }, /user: user must be text, but is 7/],
    ["with an empty id", { item: "" }, /item: item is empty/],
    ["with an id without end", { item: "x".repeat(513) }, /item: item has 513 characters; at most 512/],
    ["with control characters", { item: "a\u0000b" }, /control characters/],
    ["with half a character", { item: "a\ud83d" }, /valid Unicode/],
    ["with a value as text", { value: "3" }, /value: value must be a finite number, but is "3"/],
    ["with a time in seconds", { time: 1_767_225_600 }, /multiply seconds by 1,000/],
    ["with a negative time", { time: -5 }, /1990-01-01/],
    ["with a time that is no time", { time: "yesterday" }, /must be a time with a time zone/],
    ["with a time without a zone", { time: "2026-01-01T00:00:00" }, /must be a time with a time zone/],
    ["on a date that does not exist", { time: "2026-13-45T00:00:00Z" }, /time/],
    ["with a context of lists", { context: { a: [1] } }, /context\/a: context.a must be text, a finite number, true or false/],
    ["with too much context", { context: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`n${i}`, 1])) }, /at most 32/],
    ["with an unknown field", { itme: "x" }, /itme: Unknown field "itme". Did you mean item, time\?/],
  ])("%s is refused, and the place is named", async (_, fields, says) => {
    const before = kept();
    const answer = await postEvent(event(fields));
    expectProblem(answer, 400);
    expect(answer.problem.code).toBe("bad-input");
    expect(answer.problem.errors?.[0]).toMatchObject({ in: "body" });
    expect(answer.problem.detail).toMatch(says);
    expect(kept()).toBe(before);
  });

  test("with a number that no machine can hold is refused", async () => {
    expectProblem(await postEvent('{"user":"u","item":"i","type":"view","value":1e999}'), 400);
    expectProblem(await postEvent('{"user":"u","item":"i","type":"view","value":1e300}'), 400);
  });

  test.each(["a/b", "../../etc/passwd", "😀", "%2F", "a b", "'; DROP TABLE events; --", "$where", "constructor", "ℌ", "null"])(
    "of item %j keeps its id letter by letter",
    async (item) => {
      expect((await postEvent(event({ item }))).status).toBe(200);
      expect(server.store.items.id(server.store.recent("u", 1).item[0])).toBe(item);
    },
  );
});

test.each([".", ".."])("an item or user called %j is refused, since no address can hold it", async (id) => {
  expectProblem(await postEvent(event({ item: id })), 400);
  expectProblem(await postEvent(event({ user: id })), 400);
});

describe("a path", () => {
  test.each(["a/b", "../../etc/passwd", "😀", "%2F", "a b", "constructor", "__proto__", "?", "#", "a".repeat(512)])(
    "may hold the id %j, percent-encoded",
    async (id) => {
      const path = `/v1/items/${encodeURIComponent(id).replaceAll(".", "%2E")}`;
      // fetch resolves dots, encoded or not, so it is sent by hand.
      const body = "{}";
      const answer = await raw(
        `PUT ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${key.authorization}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
      expect(answer).toMatch(/^HTTP\/1.1 200 /);
      expect(answer).toContain(JSON.stringify(id));
    },
  );

  test("that climbs out finds nothing", async () => {
    for (const path of [
      "/../../etc/passwd",
      "/v1/../../etc/passwd",
      "/docs/static/../../../../package.json",
      "/docs/static/..%2f..%2f..%2fpackage.json",
    ])
      expect(await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 (404|403|400) /);
  });

  test.each(["/v1/items/%", "/v1/items/%ff", "/v1/items/%c3%28", "/v1/events?user=%ff", "/v1/events?user=%zz"])(
    "%s is no UTF-8",
    async (path) => {
      expectProblem(await send("GET", path), 400);
    },
  );

  test.each(["/v1/items/%00", `/v1/items/${"a".repeat(600)}`, "/v1/items/%0d%0aX-Evil:1"])("%s is no usable id", async (path) => {
    expectProblem(await send("GET", path), 400);
  });

  test("an id longer than any is refused before it is read", async () => {
    const { status } = await send("GET", `/v1/items/${"a".repeat(8000)}`);
    expect([400, 404, 413, 414]).toContain(status);
  });

  test.each(["/v1", "/v2/events", "/v1/events/", "/v1/nothing", "/admin", "/.env"])("%s is not there", async (path) => {
    expectProblem(await send("GET", path), 404);
  });
});

describe("a method", () => {
  test.each([
    ["PUT", "/v1/events", "POST, GET, HEAD"],
    ["DELETE", "/v1/recommendations/for-you", "GET, HEAD, POST"],
    ["PATCH", "/healthz", "GET, HEAD"],
  ])("%s %s is answered with those that there are", async (method, path, allowed) => {
    const answer = await send(method, path);
    expectProblem(answer, 405);
    expect(answer.problem.detail.match(/[A-Z]{3,}/g)?.sort()).toEqual(allowed.split(", ").sort());
  });

  test("that HTTP does not have is refused", async () => {
    expect(await raw("EVIL / HTTP/1.1\r\nHost: x\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe("a query", () => {
  test.each<[string, string, RegExp]>([
    ["the same parameter twice", "?user=a&user=b", /user: must be text, but is a list/],
    ["an unknown parameter", "?usr=a", /usr: is not known here. Did you mean user\?/],
    ["a negative length", "?k=-1", /k: must be at least 1, but is -1/],
    ["a length of nothing", "?k=", /k: must be a whole number/],
    ["a broken length", "?k=1.5", /k: must be a whole number, but is 1.5/],
    ["a length in another writing", "?k=0x10", /k: must be a whole number/],
    ["a length without end", "?k=1e9", /k: must be a whole number/],
    ["a length too long", "?k=1001", /k: must be at most 1000/],
    ["a prototype", "?__proto__=1", /not known/],
    ["brackets", "?user[a]=1", /not known/],
    ["an expression longer than a book", `?filter=${"a".repeat(5000)}`, /filter: has more than 4,096 characters/],
  ])("with %s is refused", async (_, query, says) => {
    const answer = await send("GET", `/v1/recommendations/for-you${query}`);
    expectProblem(answer, 400);
    expect(answer.problem.detail).toMatch(says);
  });
});

describe("a connection", () => {
  test.each([
    ["that speaks no HTTP", "hello\r\n\r\n", 400],
    ["with a header larger than all", `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(20_000)}\r\n\r\n`, 431],
    ["with two lengths", "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400],
    [
      "with a length and chunks",
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      400,
    ],
    ["with a broken header", "GET /healthz HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n", 400],
    ["with a negative length", "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400],
  ])("%s is answered and closed", async (_, bytes, status) => {
    const answer = await raw(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('"type":"urn:recobase:problem:');
  });

  test("that ends within a body changes nothing", async () => {
    const before = kept();
    await raw(
      `POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: ${key.authorization}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n${event({})}`,
      true,
    );
    expect(kept()).toBe(before);
    expect((await send("GET", "/healthz")).status).toBe(200);
  });
});

test("after all of this the server answers as before", async () => {
  expect((await postEvent(event({}))).status).toBe(200);
  expect((await send("GET", "/v1/recommendations/for-you?user=u")).status).toBe(200);
});
