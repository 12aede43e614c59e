import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { captured } from "./testing/captured-run.ts";
import { type SampleFiles, sampleFiles } from "./testing/sample-files.ts";

let files: SampleFiles;
beforeAll(() => {
  files = sampleFiles();
  writeFileSync(
    files.path("seen.csv"),
    ["user,item", ...Array.from({ length: 60 }, (_, i) => `u${i % 12},${100 + ((i * 7) % 9)}`), ""].join("\n"),
  );
  writeFileSync(files.path("catalog.csv"), ["id;name", ...Array.from({ length: 8 }, (_, i) => `${100 + i};Film ${i}`), ""].join("\n"));
});
afterAll(() => files.remove());

test("titles of a catalog are shown in place of ids, and stay with a model", async () => {
  const [seen, catalog, model] = ["seen.csv", "catalog.csv", "titled.safetensors"].map((name) => files.path(name));
  const trained = await captured("train", seen, "--titles", catalog, "--model", "popularity", "--out", model);
  expect(trained.errors).toContain("titles of 8 of 9 items");
  const list = await captured("recommend", model, "--history", "100", "--k", "8");
  expect(list.output).toMatch(/Film [1-7]/);
  const looked = await captured("inspect", seen, "--titles", catalog);
  expect(looked.output).toMatch(/Film \d/);
});

test("a catalog without titles, and a missing one, are errors that say so", async () => {
  const none = await captured("inspect", files.path("seen.csv"), "--titles", files.path("seen.csv"));
  expect([none.code === 0, none.errors]).toEqual([false, expect.stringContaining('"id"')]);
  writeFileSync(files.path("untitled.csv"), "id,price\n100,3\n");
  const untitled = await captured("inspect", files.path("seen.csv"), "--titles", files.path("untitled.csv"));
  expect(untitled.errors).toContain("has no titles");
  const missing = await captured("inspect", files.path("seen.csv"), "--titles", files.path("nothing.csv"));
  expect(missing.errors).toContain("No such file");
});
