import { existsSync } from "node:fs";
import { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sweepScratchFolders, withScratchFolder } from "./scratch-folder.ts";

test("a scratch folder is removed after the work, even if it fails", async () => {
  let path = "";
  const work = withScratchFolder(async (folder) => {
    path = folder;
    await writeFile(join(folder, "model"), "half a model");
    throw new Error("no more");
  });
  await expect(work).rejects.toThrow("no more");
  expect(existsSync(path)).toBe(false);
});

test("folders of killed processes are removed after an hour; newer ones and those in use stay", async () => {
  const nobody = 2 ** 22 + 1;
  const folders = [`recobase-model-${nobody}-old`, `recobase-model-${nobody}-new`, `recobase-model-${process.pid}-old`].map((name) =>
    join(tmpdir(), name),
  );
  try {
    for (const folder of folders) await mkdir(folder, { recursive: true });
    const before = Date.now() / 1000 - 3700;
    await utimes(folders[0], before, before);
    await utimes(folders[2], before, before);
    await sweepScratchFolders();
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, true, true]);
  } finally {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }
});
