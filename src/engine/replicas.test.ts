import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Engines, twoTastes, view } from "./testing/engines.ts";

const url = process.env.RECOBASE_TEST_POSTGRES ?? "";

describe.runIf(url)("two engines on one PostgreSQL database", () => {
  const engines = new Engines();
  const database = `recobase_${randomBytes(6).toString("hex")}`;
  const store = Object.assign(new URL(url || "postgres://nowhere"), { pathname: `/${database}` }).href;
  const admin = new pg.Client(url);
  beforeAll(async () => {
    await admin.connect();
    await admin.query(`CREATE DATABASE ${database}`);
  });
  afterEach(() => engines.end());
  afterAll(async () => {
    await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
    await admin.end();
  });

  test("act as one: they share events, items, recommenders, projects and models", async () => {
    const config = { store, training: { models: ["item-knn"], threads: 1 } };
    // At the same time, on an empty database.
    const [one, two] = await Promise.all([engines.start(config), engines.start(config)]);
    const [here, there] = [one.project("default"), two.project("default")];
    await here.ingest(twoTastes());
    const list = async (name: string, history: string[]) =>
      (await there.recommend(name, { history, k: 3, seed: 1 })).items.map(({ item }) => item);
    for (const item of await list("because-you-liked", ["a1"])) expect(item).toMatch(/^a/);
    // The next request after an event, on the other engine.
    await here.ingest([view("eve", "b2", 59)]);
    expect((await there.recommend("recently-viewed", { user: "eve" })).items[0].item).toBe("b2");
    await there.ingest([view("eve", "b3", 59.5)]);
    expect((await here.recommend("recently-viewed", { user: "eve" })).items[0].item).toBe("b3");

    await here.store.putItems([{ id: "a2", properties: {}, hidden: true }]);
    await expect.poll(() => list("popular", [])).not.toContain("a2");
    await here.putRecommender("by-model", { sources: [{ kind: "model" }], fallbacks: [] });
    await expect.poll(() => Object.keys(there.recommenders())).toContain("by-model");
    await there.train();
    await expect.poll(() => list("by-model", ["b1"]), { timeout: 30_000 }).toHaveLength(3);
    await expect.poll(() => here.models()[0]?.state, { timeout: 30_000 }).toBe("in-service");

    await two.createProject("other");
    await expect.poll(() => one.store.projects()).toContain("other");
    await expect.poll(() => one.project("other").name, { timeout: 5000 }).toBe("other");
    await one.deleteProject("other");
    await expect.poll(() => two.store.projects(), { timeout: 5000 }).toEqual(["default"]);
  });

  test("each sees the other's imports and can stop them", async () => {
    const [one, two] = await Promise.all([engines.start({ store }), engines.start({ store })]);
    const [here, there] = [one.project("default"), two.project("default")];
    const row = (i: number) => Buffer.from(`${JSON.stringify({ id: `new-${i}` })}\n`);
    // Endless: the sender stops sending.
    const bytes = (async function* () {
      yield row(0);
      await new Promise(() => {});
    })();
    const { job, ended } = await here.importRows({ kind: "items", format: "jsonl", bytes });
    await expect
      .poll(() => there.job(job), { timeout: 10_000 })
      .toMatchObject({ kind: "import", state: "running", task: expect.stringMatching(/^importing items/) as string });
    expect(await there.cancel(job)).toBe(true);
    expect(await ended).toMatchObject({ code: "aborted" });
    await expect.poll(() => there.job(job)?.state, { timeout: 10_000 }).toBe("cancelled");
    expect(await there.cancel(job)).toBe(false);
  });
});
