import { afterAll, beforeAll, expect, test } from "vitest";
import { openEngine } from "../../engine/open-engine.ts";
import { readyMade } from "../../pipeline/ready-made.ts";
import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import { type RunningServer, serveEngine } from "../serve-engine.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await serveEngine(await openEngine({ store: "memory", port: 0, log: "silent" }));
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
