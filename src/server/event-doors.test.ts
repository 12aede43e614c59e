import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { EventInput } from "../data/events.ts";
import { anyEvent } from "../data/testing/any-event.ts";
import type { Problem } from "./problem.ts";
import { testServer } from "./testing/test-server.ts";

const server = await testServer();
afterAll(() => server.app.close());
const authorization = `Bearer ${server.admin}`;

async function overHttp(event: unknown): Promise<string | undefined> {
  const response = await server.app.inject({ method: "POST", url: "/v1/events", headers: { authorization }, payload: [event] });
  return response.statusCode === 200 ? undefined : response.json<Problem>().errors?.[0].message;
}

async function inBatch(event: unknown): Promise<string | undefined> {
  const payload = [{ user: "u", item: "i", type: "view" }, event];
  const response = await server.app.inject({ method: "POST", url: "/v1/events", headers: { authorization }, payload });
  return response.json<{ refused: { message: string }[] }>().refused[0]?.message;
}

async function imported(event: unknown): Promise<string | undefined> {
  const headers = { authorization, "content-type": "application/x-ndjson" };
  const response = await server.app.inject({ method: "POST", url: "/v1/import/events", headers, payload: `${JSON.stringify(event)}\n` });
  const lines = response.body.trim().split("\n");
  return (JSON.parse(lines[lines.length - 1]) as { badRows: { message: string }[] }).badRows[0]?.message;
}

test("the engine, a request and an import take the same events, and say the same of the others", async () => {
  const { project } = { project: server.engine.project("default") };
  // Files may leave fields null and write times as they like, and JSON has its own way with what is no object.
  const asInFiles = anyEvent.filter(
    (event) =>
      typeof event === "object" && event !== null && !Array.isArray(event) && !Object.values(event).includes(null) && isMeant(event),
  );
  const seen = new Set<boolean>();
  await fc.assert(
    fc.asyncProperty(asInFiles, async (made) => {
      const event = JSON.parse(JSON.stringify(made)) as EventInput;
      const { refused } = await project.ingest([event]);
      const message = refused[0]?.message;
      expect(await overHttp(event)).toBe(message);
      expect(await inBatch(event)).toBe(message);
      expect(await imported(event)).toBe(message?.slice(0, 300));
      seen.add(message === undefined);
    }),
    { numRuns: 150 },
  );
  expect(seen.size, "both kinds were tried").toBe(2);
});

/** `__proto__` is refused before any schema, and "1" is a time in a file. */
function isMeant(event: object): boolean {
  return !JSON.stringify(event).includes("__proto__") && !/^\d*$/.test(String((event as { time?: unknown }).time ?? "x"));
}
