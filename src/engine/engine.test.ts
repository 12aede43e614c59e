import { afterEach, describe, expect, test } from "vitest";
import type { ServerConfig } from "./config.ts";
import type { Engine } from "./engine.ts";
import { openEngine } from "./open-engine.ts";

const open: Engine[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

const logged: string[] = [];
async function engineOf(config: ServerConfig = {}) {
  const engine = await openEngine({ store: "memory", ...config }, { log: (message) => logged.push(message) });
  open.push(engine);
  return engine;
}

const start = Date.now() - 3_600_000;
const view = (user: string, item: string, minutes = 0) => ({ user, item, type: "view", time: start + minutes * 60_000 });

test("a project named default is there, takes events and answers", async () => {
  const engine = await engineOf();
  const project = engine.project("default");
  expect(await project.ingest([view("ann", "a"), view("ann", "b"), view("bob", "a")])).toEqual({ accepted: 3, duplicates: 0, refused: [] });
  const { items } = await project.recommend("for-you", { user: "cat" });
  expect(items.map(({ item }) => item)).toEqual(["a", "b"]);
});
