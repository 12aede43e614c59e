import { describe, test } from "vitest";
import { storageSuite } from "../../testing/storage-suite.ts";
import { openStorage } from "../open-storage.ts";

const url = process.env.RECOBASE_TEST_POSTGRES;

describe.runIf(url)("a storage in PostgreSQL", () => {
  for (const check of storageSuite)
    test(check.name, async () => {
      const storage = await openStorage(String(url));
      await check.run(storage).finally(() => storage.close());
    });
});
