import { expect, test } from "vitest";
import { compiled } from "../../../scripts/compiled.mjs";
import { openStorage } from "../open-storage.ts";
import { surviveKills } from "../testing/numbered-commits.ts";
import { postgres } from "../testing/postgres.ts";

test.runIf(postgres)(
  "a process killed at any moment loses no acknowledged write",
  async () => {
    const rooms = await compiled(["util", "store"]);
    try {
      expect(await surviveKills(rooms.folder, postgres, 8)).toBeGreaterThan(100);
    } finally {
      rooms.remove();
      const storage = await openStorage(postgres);
      await storage.deleteProject("numbers");
      await storage.close();
    }
  },
  120_000,
);
