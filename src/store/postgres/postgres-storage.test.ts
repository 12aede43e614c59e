import { describe, test } from "vitest";
import { storageSuite } from "../../testing/storage-suite.ts";
import { openStorage } from "../open-storage.ts";
import { postgres } from "../testing/postgres.ts";

describe.runIf(postgres)("a storage in PostgreSQL", () => {
  for (const check of storageSuite)
    test(check.name, async () => {
      const storage = await openStorage(postgres);
      await check.run(storage).finally(() => storage.close());
    });
});
