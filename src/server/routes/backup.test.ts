import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../../store/open-store.ts";
import { startServer } from "../start-server.ts";

test("a backup of a running server is a store with everything in it, and nothing of it stays behind", async () => {
  const folder = await mkdtemp(join(tmpdir(), "recobase-test-"));
  const server = await startServer({ store: join(folder, "shop.db"), port: 0, log: "silent" });
  const headers = { authorization: `Bearer ${server.firstKey}`, "content-type": "application/json" };
  const post = (path: string, body: unknown) => fetch(server.address + path, { method: "POST", headers, body: JSON.stringify(body) });
  const events = Array.from({ length: 500 }, (_, i) => ({ user: `u${i}`, item: "tea", type: "view" }));
  expect((await post("/v1/events", events)).status).toBe(200);
  const response = await fetch(`${server.address}/v1/backup`, { method: "POST", headers: { authorization: headers.authorization } });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/vnd.sqlite3"]);
  // It is sent now, and is in no folder any more: whoever kills the server leaves no copy of the data behind.
  expect((await readdir(folder)).filter((name) => name.startsWith("recobase-backup"))).toEqual([]);
  expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename="recobase-\d{4}-\d\d-\d\d\.db"$/);
  const copy = join(folder, "copy.db");
  await writeFile(copy, new Uint8Array(await response.arrayBuffer()));
  // What comes after the backup is not in it.
  await post("/v1/events", { user: "late", item: "tea", type: "view" });
  await server.close();
  const restored = await openStore(copy);
  expect(restored.project("default").size).toBe(500);
  await restored.close();
  await rm(folder, { recursive: true });
});
