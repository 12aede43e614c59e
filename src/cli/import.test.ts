import { existsSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEngine } from "../engine/open-engine.ts";
import { type RunningServer, serveEngine } from "../server/serve-engine.ts";
import { FAILURE, SUCCESS, WRONG_USE } from "./failure.ts";
import { captured } from "./testing/captured-run.ts";
import { type SampleFiles, sampleFiles } from "./testing/sample-files.ts";

let files: SampleFiles;
beforeAll(() => {
  files = sampleFiles();
});
afterAll(() => files.remove());

async function stored(store: string) {
  const engine = await openEngine({ store });
  try {
    const project = engine.project("default");
    const { items } = await project.recommend("popular", { k: 3 });
    return { stats: project.store.stats(), titles: items.map(({ item }) => project.store.item(item)?.properties) };
  } finally {
    await engine.close();
  }
}

test("ratings become events with values, and a second import skips them", async () => {
  const store = files.path("ratings.db");
  const first = await captured("import", files.ratings, "--store", store);
  expect(first).toMatchObject({ code: SUCCESS });
  const [, count] = /Wrote ([\d,]+) events/.exec(first.output) ?? [];
  const { stats } = await stored(store);
  expect(stats.events).toBe(Number(count.replaceAll(",", "")));
  expect(stats.eventTypes.map(({ type }) => type)).toEqual(["rating"]);
  const second = await captured("import", files.ratings, "--store", store);
  expect(second.output).toContain("Wrote 0 events");
  expect(second.output).toMatch(/Skipped [\d,]+ events imported before\./);
  expect((await stored(store)).stats.events).toBe(stats.events);
});

test("sessions and context become those of the events, and baskets are refused", async () => {
  const path = files.path("visits.csv");
  writeFileSync(path, "user,item,visit,device,hour\nann,a,v1,phone,8\nann,b,v1,,9\nbob,a,v2,desk,\n");
  const store = files.path("visits.db");
  const { code } = await captured("import", path, "--session", "visit", "--context", "device,hour", "--store", store);
  expect(code).toBe(SUCCESS);
  const engine = await openEngine({ store });
  const events = [];
  for await (const { item, session, context } of engine.project("default").store.readEvents()) events.push({ item, session, context });
  await engine.close();
  expect(events).toEqual([
    { item: "a", session: "visits.csv:0", context: { device: "phone", hour: 8 } },
    { item: "b", session: "visits.csv:0", context: { hour: 9 } },
    { item: "a", session: "visits.csv:1", context: { device: "desk" } },
  ]);
  const refused = await captured("import", path, "--basket", "visit", "--store", store);
  expect(refused.code).toBe(WRONG_USE);
  expect(refused.errors).toContain("Events have no baskets");
});

test.each([
  ["names of no event", "id,title,price\ntea,Green tea,4.5\npot,Tea pot,30\n"],
  ["names without numbers below", "id,title\ntea,Green tea\npot,Tea pot\n"],
  ["an item and its title", "product_id,name\ntea,Green tea\npot,Tea pot\n"],
  ["users", "user_id,age\nann,31\nbob,52\n"],
  ["objects", '{"id":"tea","title":"Green tea"}\n{"id":"pot","title":"Tea pot"}\n'],
])("a catalog is not taken for events: %s", async (_, text) => {
  const path = files.path("catalog.csv");
  writeFileSync(path, text);
  const { code, errors } = await captured("import", path, "--store", files.path("none.db"));
  expect(code).toBe(FAILURE);
  expect(errors).toMatch(/--items FILE.*--user and --item/);
  expect(existsSync(files.path("none.db"))).toBe(false);
});

test.each([
  ["without a header", "ann,tea,5\nbob,pot,3\n", []],
  ["items known by title", "user,title,rating\nann,Green tea,5\nbob,Tea pot,3\n", []],
  ["columns by flags", "id,title\nann,Green tea\nbob,Tea pot\n", ["--header", "--user", "id", "--item", "title"]],
])("events are not taken for a catalog: %s", async (what, text, flags) => {
  const path = files.path("events.csv");
  writeFileSync(path, text);
  const { output } = await captured("import", path, "--store", files.path(`${what}.db`), ...flags);
  expect(output).toContain("Wrote 2 events");
});

test("names the columns that are not used, and ids that end in .0", async () => {
  const path = files.path("notebook.csv");
  writeFileSync(path, "user,item,mood\n101.0,tea,good\n102,pot,bad\n");
  const { errors } = await captured("import", path, "--store", files.path("notebook.db"));
  expect(errors).toMatch(/not used +mood/);
  expect(errors).toContain("user ids end in .0: 101.0 is not the user 101");
});

test("imports the item properties of a layout", async () => {
  const store = files.path("movielens.db");
  await captured("import", files.movielens, "--layout", "movielens-100k", "--store", store, "--event-type", "watch");
  const { stats, titles } = await stored(store);
  expect(stats.describedItems).toBeGreaterThan(0);
  expect(stats.eventTypes.map(({ type }) => type)).toEqual(["watch"]);
  for (const properties of titles) expect(properties).toHaveProperty("title");
});

test("imports into a running server, which requires a key", async () => {
  const engine = await openEngine({ store: "memory", port: 0, log: "silent" });
  const server: RunningServer = await serveEngine(engine);
  try {
    const refused = await captured("import", files.ratings, "--server", server.address);
    expect(refused.code).not.toBe(SUCCESS);
    expect(refused.errors).toContain("Bearer");
    const sent = await captured("import", files.ratings, "--server", server.address, "--key", server.firstKey ?? "", "--json");
    expect(sent.code).toBe(SUCCESS);
    expect(JSON.parse(sent.output).events).toBe(engine.project("default").store.size);
  } finally {
    await server.close();
  }
});

test("says what to do if no server is running", async () => {
  const { code, errors } = await captured("import", files.ratings, "--server", "http://127.0.0.1:9");
  expect(code).toBe(FAILURE);
  expect(errors).toContain("recobase serve");
});
