import { expect, test } from "vitest";
import { compiled } from "../../../scripts/compiled.mjs";
import { openStorage } from "../open-storage.ts";
import { surviveKills } from "../testing/numbered-commits.ts";

const url = process.env.RECOBASE_TEST_POSTGRES;

test.runIf(url)(
  "a process killed at any moment loses nothing that was acknowledged",
  async () => {
    const rooms = await compiled(["util", "store"]);
    try {
      expect(await surviveKills(rooms.folder, String(url), 8)).toBeGreaterThan(100);
    } finally {
      rooms.remove();
      const storage = await openStorage(String(url));
      await storage.deleteProject("numbers");
      await storage.close();
    }
  },
  120_000,
);
