import { afterAll, expect, test } from "vitest";
import { openEngine } from "../../engine/open-engine.ts";
import { serveEngine } from "../serve-engine.ts";

const server = await serveEngine(await openEngine({ store: "memory", port: 0, log: "silent" }));
afterAll(() => server.close());

const get = (path: string, accept: string) => fetch(server.address + path, { headers: { accept } });

test("the root is a page for browsers and JSON for programs, and its links work", async () => {
  const page = await get("/", "text/html,application/xhtml+xml,*/*;q=0.8");
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const linked = [...(await page.text()).matchAll(/href="([^"]+)"/g)].map(([, path]) => `/${path}`);
  const index = (await (await get("/", "*/*")).json()) as Record<string, string>;
  expect(index.name).toBe("RecoBase");
  expect(Object.values(index).filter((value) => value.startsWith("/"))).toEqual(linked);
  expect(linked.length).toBeGreaterThan(2);
  for (const path of linked) expect((await get(path, "*/*")).status, path).toBe(200);
});
