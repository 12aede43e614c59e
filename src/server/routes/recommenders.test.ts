import { Type } from "typebox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEngine } from "../../engine/open-engine.ts";
import { defineSource } from "../../pipeline/define-source.ts";
import { readyMade } from "../../pipeline/ready-made.ts";
import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import { type RunningServer, serveEngine } from "../serve-engine.ts";

const byLetter = defineSource({
  kind: "by-letter",
  description: "Items whose index is that of a letter.",
  options: { letter: Type.String({ minLength: 1, maxLength: 1, description: "The letter." }) },
  create: ({ name, letter }) => ({
    name,
    candidates: ({ allowed }) => {
      const items = Uint32Array.of(letter.charCodeAt(0) - 97).filter((item) => allowed[item] === 1);
      return { items, scores: new Float32Array(items.length).fill(1) };
    },
  }),
});

let server: RunningServer;
beforeAll(async () => {
  server = await serveEngine(await openEngine({ store: "memory", port: 0, log: "silent" }, { sources: [byLetter] }));
});
afterAll(() => server.close());

async function send(method: string, name: string, body?: object) {
  const response = await fetch(`${server.address}/v1/recommenders/${name}`, {
    method,
    headers: { authorization: `Bearer ${server.firstKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? {} : JSON.parse(text)) as { spec?: object; detail?: string } };
}

test.each(Object.keys(readyMade))("a recommender like %s can be made over HTTP, and is given back as it was", async (name) => {
  const spec: RecommenderSpec = readyMade[name];
  const put = await send("PUT", `my-${name}`, spec);
  expect([put.status, put.body.detail]).toEqual([204, undefined]);
  expect((await send("GET", `my-${name}`)).body.spec).toEqual(JSON.parse(JSON.stringify(spec)));
});

test("so can one with every choice of a learned scorer", async () => {
  const scorer = { kind: "learned", method: "scores", weights: { together: 2 } };
  expect((await send("PUT", "learned", { sources: [{ kind: "together" }], scorer })).status).toBe(204);
});

test("a kind of source that came with the engine is taken over HTTP, described, and answers", async () => {
  const headers = { authorization: `Bearer ${server.firstKey}`, "content-type": "application/json" };
  const ids = ["a", "b", "c"];
  for (const id of ids)
    await fetch(`${server.address}/v1/items/${id}`, { method: "PUT", headers, body: JSON.stringify({ properties: {} }) });
  const refused = await send("PUT", "letters", { sources: [{ kind: "by-letter", letter: "b", lettr: "c" }] });
  expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining("/sources/0/lettr")]);
  expect((await send("PUT", "letters", { sources: [{ kind: "by-letter", letter: "b" }], fallbacks: [] })).status).toBe(204);
  const answer = await fetch(`${server.address}/v1/recommendations/letters`, { method: "POST", headers, body: "{}" });
  expect(await answer.json()).toMatchObject({ items: [{ item: "b", sources: ["by-letter"] }], skipped: [] });
  const document = (await (await fetch(`${server.address}/openapi.json`)).json()) as { components: { schemas: Record<string, object> } };
  expect(document.components.schemas.ByLetterSource).toMatchObject({ description: byLetter.description, required: ["kind", "letter"] });
  expect(JSON.stringify(document.components.schemas)).not.toContain('"refers"');
});

test("code cannot come over HTTP", async () => {
  const { status, body } = await send("PUT", "mine", { sources: [{ kind: "custom", source: { name: "x" } }] });
  expect([status, body.detail]).toEqual([400, expect.stringContaining('but is "custom"')]);
});
