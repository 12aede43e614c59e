import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
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
});
