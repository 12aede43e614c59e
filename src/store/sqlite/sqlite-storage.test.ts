import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storageSuite } from "../../testing/storage-suite.ts";
import { openStorage } from "../open-storage.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recobase-sqlite-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a storage on disk", () => {
  for (const check of storageSuite)
    test(check.name, async () => {
      const storage = await openStorage(join(folder, "suite.db"));
      await check.run(storage).finally(() => storage.close());
    });

  test("rejects what was prepared while a commit was failing, in call order, but nothing after that", async () => {
    const storage = await openStorage(join(folder, "behind.db"));
    await storage.createProject("shop");
    const write = (value: number) => () => [{ type: "segment" as const, log: "events", bytes: Uint8Array.of(value) }];
    const before = storage.commit("shop", 0, write(1));
    const failing = storage.commit("shop", 0, () => [{ type: "replace", log: "events", sequences: [7], bytes: undefined }]);
    const behind = [2, 3].map((value) => storage.commit("shop", 0, write(value)));
    const told: string[] = [];
    const outcomes = [before, failing, ...behind].map((promise, i) =>
      promise.then(
        (sequence) => told.push(`${i}: ${sequence}`),
        ({ code }) => told.push(`${i}: ${code}`),
      ),
    );
    await Promise.all(outcomes);
    expect(told).toEqual(["0: 1", "1: conflict", "2: storage-failed", "3: storage-failed"]);
    expect(await storage.commit("shop", 0, write(4))).toBe(2);
    await storage.close();
  });
});
