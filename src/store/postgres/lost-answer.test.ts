import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStorage } from "../open-storage.ts";
import type { Storage, Write } from "../storage.ts";
import { postgres } from "../testing/postgres.ts";

const segment = (value: number): Write => ({ type: "segment", log: "events", bytes: Uint8Array.of(value) });

/** What a proxy does with the next COMMIT: lose it, or lose the answer to it. */
let losing: "nothing" | "commit" | "answer" = "nothing";

/** A proxy to the server that can cut the connection at the worst moment. */
async function faultyWay(): Promise<Server> {
  const { hostname, port } = new URL(postgres);
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let cut = false;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on("error", end).on("close", end);
    client.on("data", (data) => {
      if (losing !== "nothing" && data.includes("COMMIT")) {
        cut = losing === "answer";
        if (losing === "commit") end();
        losing = "nothing";
      }
      upstream.write(data);
    });
    upstream.on("data", (data) => (cut ? end() : client.write(data)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

describe.runIf(postgres)("a connection that breaks during a commit", () => {
  const project = `lost-${randomBytes(6).toString("hex")}`;
  let way: Server;
  let storage: Storage;
  beforeAll(async () => {
    way = await faultyWay();
    const address = new URL(postgres);
    address.port = String((way.address() as AddressInfo).port);
    storage = await openStorage(address.href);
    await storage.createProject(project);
  });
  afterAll(async () => {
    await storage.deleteProject(project);
    await storage.close();
    way.close();
  });

  test("before the server receives it: the write is rejected and not stored", async () => {
    losing = "commit";
    await expect(storage.commit(project, 0, () => [segment(1)])).rejects.toMatchObject({ code: "storage-failed" });
    expect(losing).toBe("nothing");
    expect(await storage.commit(project, 0, () => [segment(2)])).toBe(1);
  });

  test("after the server receives it: the server is asked, and the write counts", async () => {
    losing = "answer";
    expect(await storage.commit(project, 0, () => [segment(3)])).toBe(2);
    expect(losing).toBe("nothing");
    expect(await storage.commit(project, 0, () => [segment(4)])).toBe(3);
    const bytes: number[] = [];
    for await (const change of storage.changes(project, 0)) if (change.type === "segment") bytes.push(...change.bytes);
    expect(bytes).toEqual([2, 3, 4]);
  });
});
