import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compiled } from "../../../scripts/compiled.mjs";
import { surviveKills } from "../testing/numbered-commits.ts";

test("a process killed at any moment loses no acknowledged write", async () => {
  const rooms = await compiled(["util", "store"]);
  const folder = mkdtempSync(join(tmpdir(), "recobase-killed-"));
  try {
    expect(await surviveKills(rooms.folder, join(folder, "numbers.db"), 12)).toBeGreaterThan(100);
  } finally {
    rooms.remove();
    rmSync(folder, { recursive: true });
  }
}, 120_000);
