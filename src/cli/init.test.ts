import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../engine/config/load-config.ts";
import { FAILURE, SUCCESS } from "./failure.ts";
import { run } from "./run.ts";
import { captured } from "./testing/captured-run.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recobase-init-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function answered(out: string, ...answers: string[]) {
  const [output, errors] = [new PassThrough(), new PassThrough()];
  const terminal = { input: Readable.from(answers.map((answer) => `${answer}\n`)), output, errors, width: 100 };
  const texts = Promise.all([text(output), text(errors)]);
  const code = await run(["init", "--out", out], terminal);
  output.end();
  errors.end();
  const [said, asked] = await texts;
  return { code, output: said, errors: asked };
}

test("three answers become a valid configuration", async () => {
  const out = join(folder, "recobase.config.ts");
  const { code, output, errors } = await answered(out, "2", "postgres://me@db/reco", "title: text, genres: categories");
  expect(code).toBe(SUCCESS);
  expect(output).toContain("recobase serve");
  expect(errors).toContain("What do people do with your items?");
  const { config } = await loadConfig(out);
  expect(config).toMatchObject({
    store: "postgres://me@db/reco",
    events: { play: { weight: 1 / 60, byValue: true }, like: 3 },
    objective: { type: "play", by: "value" },
    items: { title: "text", genres: "categories" },
  });
});

test.each(["shop", "video", "articles", "ratings"])("the suggestions for %s are a valid configuration", async (kind) => {
  const out = join(folder, `${kind}.config.ts`);
  expect((await captured("init", "--kind", kind, "--store", "memory", "--items", "", "--out", out)).code).toBe(SUCCESS);
  const { config } = await loadConfig(out);
  expect(config.store).toBe("memory");
  expect(Object.keys(config.events ?? {}).length).toBeGreaterThan(0);
});

test("asks again after an invalid answer, and takes the suggestions at the end of the input", async () => {
  const out = join(folder, "recobase.config.ts");
  const { code, errors } = await answered(out, "nonsense", "3");
  expect(code).toBe(SUCCESS);
  expect(errors).toContain('"nonsense" is not one of the choices');
  expect((await loadConfig(out)).config).toMatchObject({
    store: join(folder, "recobase.db"),
    objective: "read",
    items: { published: "time" },
  });
});

test("doesn't overwrite an existing file", async () => {
  const out = join(folder, "recobase.config.ts");
  await writeFile(out, "mine");
  const { code, errors } = await captured("init", "--out", out);
  expect(code).toBe(FAILURE);
  expect(errors).toContain("already exists");
  expect(await readFile(out, "utf8")).toBe("mine");
});
