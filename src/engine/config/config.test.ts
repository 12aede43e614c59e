import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseDuration } from "../../util/duration.ts";
import { builtIn, checkConfig } from "./check-config.ts";
import { defineConfig, resolveProject } from "./config.ts";
import { loadConfig } from "./load-config.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recobase-config-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const complaint = (config: unknown) => {
  try {
    checkConfig(config, builtIn());
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

describe("a duration", () => {
  test("is a number and a unit", () => {
    expect(["250ms", "90s", "30m", "6h", "1.5d", "2w"].map(parseDuration)).toEqual([
      250, 90_000, 1_800_000, 21_600_000, 129_600_000, 1_209_600_000,
    ]);
  });
  test("and nothing else", () => {
    for (const text of ["", "30", "m", "-1d", "0d", "1 month", "1e3s", "Infinityd", `${"9".repeat(400)}d`])
      expect(parseDuration(text)).toBeUndefined();
  });
});

describe("checking a configuration", () => {
  test("accepts an empty one and a full one", () => {
    expect(complaint({})).toBe("");
    expect(
      complaint({
        store: "memory",
        port: 0,
        host: "0.0.0.0",
        log: "info",
        limits: { requestsPerMinute: 0, bodyBytes: 4096, clockSkewSeconds: 0 },
        events: { view: 1, purchase: { weight: 3, byValue: true }, dislike: -1 },
        objective: { purchase: 1, view: 0.1 },
        items: { title: "text", tags: "categories" },
        recommenders: { home: {} },
        training: {
          models: ["ease", { model: "als", options: { factors: 8 } }],
          every: "6h",
          afterEvents: 10,
          holdout: 0.2,
          threads: 1,
          keep: 2,
        },
        retention: "400d",
        origins: ["*", "https://shop.example", "http://localhost:3000"],
        projects: { books: { objective: { type: "purchase", by: "value" } } },
      }),
    ).toBe("");
  });
  test.each([
    [{ evnts: {} }, "evnts is not a setting. Did you mean events?"],
    [{ training: { evry: "6h" } }, "training.evry is not a setting. Did you mean every?"],
    [{ training: { every: "six hours" } }, 'training.every is "six hours"; it must be a duration'],
    [{ training: { models: ["als", { options: {} }] } }, "training.models[1].model is missing."],
    [{ training: { holdout: 0.9 } }, "training.holdout is 0.9; it must be a number above 0 and at most 0.5."],
    [{ events: { "add to cart": { weight: "much" } } }, 'events["add to cart"].weight is "much"; it must be a finite number.'],
    [{ items: { price: "nubmer" } }, "Did you mean number?"],
    [{ objective: { type: "purchase" } }, "objective.by is missing."],
    [
      { events: { purchase: 5 }, objective: "purchse" },
      'objective is "purchse", a type that events doesn\'t declare. Did you mean purchase?',
    ],
    [
      { events: { order: 5, undo: { undoes: "oder" } } },
      'events.undo.undoes is "oder", a type that events doesn\'t declare. Did you mean order?',
    ],
    [{ projects: { shop: { events: { gone: { undoes: "came" } } } } }, 'Declare it with a weight, as in { "came": 1 }.'],
    [{ events: { away: { hides: "yes" } } }, "events.away.hides"],
    [{ events: { purchase: 5 }, recommenders: { home: { seenBy: ["purchace"] } } }, 'home.seenBy[0] is "purchace"'],
    [{ events: { purchase: 5 }, recommenders: { home: { sources: [{ event: "puchase" }] } } }, 'home.sources[0].event is "puchase"'],
    [{ objective: 3 }, "objective is 3; it must be an event type"],
    [{ port: 70_000 }, "port is 70000; it must be a whole number from 0 to 65535."],
    [{ origins: ["https://shop.example/path"] }, 'origins[0] is "https://shop.example/path"; it must be "*" or an origin'],
    [{ projects: { books: { store: "memory" } } }, "projects.books.store is not a setting."],
    [
      { recommenders: { "Front page": {} } },
      'recommenders["Front page"] is not a valid name: a name must be 1 to 64 of a-z, 0-9, "-" and "_", beginning with a letter or digit.',
    ],
    [{ projects: { Books: {} } }, "projects.Books is not a valid name"],
    [{ projects: { books: { recommenders: { Home: {} } } } }, "projects.books.recommenders.Home is not a valid name"],
    [{ limits: { bodyBytes: 1 } }, "limits.bodyBytes is 1"],
    [[], "The configuration is []; it must be an object."],
    [null, "The configuration is null; it must be an object."],
  ])("says what is wrong with %j", (config, message) => {
    expect(complaint(config)).toContain(message);
  });
  test("reports all problems at once", () => {
    expect(complaint({ port: -1, host: 5 })).toMatch(/port is -1.*host is 5/);
    const message = complaint({
      prot: 7700,
      items: { price: "number" },
      training: { models: ["eaze", "als", { model: "ease", options: { regularisation: 3 } }] },
      recommenders: {
        home: { sorces: [{ kind: "model" }] },
        deals: { sources: [{ kind: "popular", halflife: "30d" }], filter: "price <" },
        mixed: { sources: [{ kind: "model", model: "alz" }], filter: "price <", boosts: [{ by: "price <" }] },
      },
      projects: { books: { training: { models: ["alss"] } } },
    });
    for (const part of [
      "prot ",
      "eaze",
      "regularisation",
      "sorces",
      "halflife",
      "mixed.sources[0].model",
      "mixed.filter",
      "mixed.boosts",
      "projects.books.training.models[0]",
    ])
      expect(message).toContain(part);
    expect(message).not.toContain('"als"');
  });
});

describe("loading a configuration", () => {
  test("from TypeScript, by folder or by path, with environment variables overriding it", async () => {
    const path = join(folder, "recobase.config.ts");
    await writeFile(
      path,
      `import { defineConfig } from "recobase/config";
       const weight: number = 3;
       export default defineConfig({ port: 1234, events: { purchase: weight } });`,
    );
    for (const place of [folder, path])
      expect(await loadConfig(place, {})).toEqual({
        path,
        config: { port: 1234, events: { purchase: 3 }, store: join(folder, "recobase.db") },
      });
    const { config } = await loadConfig(folder, { RECOBASE_STORE: "memory", RECOBASE_PORT: "80", RECOBASE_HOST: "::" });
    expect(config).toEqual({ port: 80, host: "::", store: "memory", events: { purchase: 3 } });
    await expect(loadConfig(folder, { RECOBASE_PORT: "x" })).rejects.toThrow('RECOBASE_PORT is "x"');
    await rm(path);
  });
  test("takes PORT and HOST of the environment where nothing else says", async () => {
    const environment = { PORT: "8080", HOST: "0.0.0.0" };
    expect((await loadConfig(folder, environment)).config).toMatchObject({ port: 8080, host: "0.0.0.0" });
    const own = await loadConfig(folder, { ...environment, RECOBASE_PORT: "80", RECOBASE_HOST: "::" });
    expect(own.config).toMatchObject({ port: 80, host: "::" });
    const path = join(folder, "own.config.mjs");
    await writeFile(path, 'export default { port: 1234, host: "::1" };');
    expect((await loadConfig(path, environment)).config).toMatchObject({ port: 1234, host: "::1" });
    await expect(loadConfig(folder, { PORT: "x" })).rejects.toThrow('PORT is "x"');
    await rm(path);
  });
  test("from a folder without one gives the defaults", async () => {
    expect(await loadConfig(folder, {})).toEqual({ path: undefined, config: { store: join(folder, "recobase.db") } });
  });
  test("reports a file that is missing, doesn't parse, exports nothing or is invalid", async () => {
    await expect(loadConfig(join(folder, "other.ts"), {})).rejects.toMatchObject({ code: "not-found" });
    const write = async (name: string, text: string) => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    };
    for (const [name, text] of [
      ["broken.ts", "export default {"],
      ["empty.mjs", "export const config = {};"],
      ["wrong.js", "export default { prot: 1 };"],
    ])
      await expect(loadConfig(await write(name, text), {})).rejects.toMatchObject({
        code: "bad-config",
        message: expect.stringContaining(name),
      });
  });
});

test("a listed project has its own settings, and all others use the top-level ones", () => {
  const config = { retention: "1d", port: 1, projects: { books: { objective: "buy" } } };
  expect(resolveProject(config, "books")).toEqual({ objective: "buy" });
  expect(resolveProject(config, "toString")).toEqual({ retention: "1d" });
});

test("the compiler rejects misspelled fields, in recommenders too", () => {
  const accepted = defineConfig({
    recommenders: {
      // @ts-expect-error It is halfLife.
      home: { sources: [{ kind: "popular", halflife: "3d" }] },
      // @ts-expect-error It is filter.
      cheap: { fitler: "price < 5" },
    },
  });
  expect(Object.keys(accepted.recommenders ?? {})).toEqual(["home", "cheap"]);
});
