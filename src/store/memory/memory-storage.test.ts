import { describe, test } from "vitest";
import { storageSuite } from "../../testing/storage-suite.ts";
import { openStorage } from "../open-storage.ts";

describe("a storage in memory", () => {
  for (const check of storageSuite)
    test(check.name, async () => {
      const storage = await openStorage("memory");
      await check.run(storage).finally(() => storage.close());
    });
});
