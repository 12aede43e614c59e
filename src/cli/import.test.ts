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

test("a row is known by what it says and how often, not by its file or its place", async () => {
  const store = files.path("till.db");
  const path = files.path("till.csv");
  const cup = "uma,cup,buy,2026-03-02 10:00";
  const plate = "vera,plate,buy,2026-03-03 10:00";
  const lines = async (rows: string[], ...more: string[]) => {
    writeFileSync(path, ["user,item,type,time", ...rows, ""].join("\n"));
    const { output } = await captured("import", path, "--store", store, "--json", ...more);
    const { events, duplicates } = JSON.parse(output);
    return [events, duplicates];
  };
  expect(await lines([cup, cup])).toEqual([2, 0]);
  expect(await lines([cup, cup])).toEqual([0, 2]);
  expect(await lines([plate, cup, cup, cup], "--to", "2026-03-03")).toEqual([1, 2]);
  expect(await lines([plate, cup, cup, cup], "--from", "2026-03-03")).toEqual([1, 0]);
  expect(await lines([cup, plate, cup, cup])).toEqual([0, 4]);
  expect(await lines(["uma,cup,buy,", plate])).toEqual([1, 1]);
  expect(await lines(["uma,cup,buy,", plate])).toEqual([0, 2]);
});

test("an order in place of times is kept and told of, and adds nothing the second time", async () => {
  const store = files.path("ordered.db");
  const path = files.path("ordered.csv");
  writeFileSync(path, "user,item,timestamp\nann,cup,2\nann,tea,1\nann,pot,3\n");
  const first = await captured("import", path, "--store", store);
  expect(first).toMatchObject({ code: SUCCESS });
  expect(first.output + first.errors).toContain("The times are an order (1 to 3), not dates.");
  expect((await captured("import", path, "--store", store)).output).toContain("Skipped 3 events imported before.");
  const engine = await openEngine({ store });
  const seen: { item: string; time: number }[] = [];
  for await (const event of engine.project("default").store.readEvents()) seen.push(event);
  await engine.close();
  expect(seen.map(({ item }) => item).toSorted()).toEqual(["cup", "pot", "tea"]);
  const inOrder = seen.toSorted((a, b) => a.time - b.time).map(({ item }) => item);
  expect(inOrder).toEqual(["tea", "cup", "pot"]);
  expect(Date.now() - Math.min(...seen.map(({ time }) => time))).toBeLessThan(86_500_000);
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
    { item: "a", session: "v1", context: { device: "phone", hour: 8 } },
    { item: "b", session: "v1", context: { hour: 9 } },
    { item: "a", session: "v2", context: { device: "desk" } },
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

test("events as they would be sent keep session, context, recommendation and key", async () => {
  const path = files.path("spool.jsonl");
  const store = files.path("spool.db");
  const tea = { user: "ann", item: "tea", type: "buy", value: 4.5, time: "2026-01-02T10:00:00Z", key: "order-71", recommendation: "r-5" };
  const cup = { user: 7, item: "cup", type: "view", time: 1767348600000, session: "s-9", context: { device: "phone" }, page: "home" };
  writeFileSync(path, `${JSON.stringify(tea)}\n${JSON.stringify(cup)}\n`);
  const { code, errors } = await captured("import", path, "--store", store);
  expect(code).toBe(SUCCESS);
  expect(errors).toContain("no such fields: page");
  const engine = await openEngine({ store });
  const project = engine.project("default");
  const found = [];
  for await (const event of project.store.readEvents()) found.push(event);
  const again = await project.ingest([tea]);
  await engine.close();
  expect(found).toMatchObject([
    { item: "tea", value: 4.5, recommendation: "r-5" },
    { user: "7", session: "s-9", context: { device: "phone" } },
  ]);
  expect(again.duplicates).toBe(1);
});

test("rows the store refuses are named by file and line", async () => {
  const path = files.path("tills.csv");
  writeFileSync(path, "user,item,type,time\nann,tea,buy,2026-01-02 10:00\n\nann,tea,buy,2099-01-02 10:30\n");
  const refused = await captured("import", path, "--store", files.path("tills.db"));
  expect(refused.code).toBe(FAILURE);
  expect(refused.errors).toContain("tills.csv:4: time is");
  expect(refused.output).toContain("Wrote 1 event");
  const skipped = await captured("import", path, "--store", files.path("tills.db"), "--on-error", "skip");
  expect(skipped.code).toBe(SUCCESS);
  expect(skipped.output).toMatch(/Skipped 1 event imported before\.\nRefused 1 row/);
  writeFileSync(path, "user,item,type,time\nann,tea,buy,2099-01-02 10:30\n");
  const none = await captured("import", path, "--store", files.path("tills.db"), "--on-error", "skip");
  expect(none.code).toBe(FAILURE);
});

test("events older than the retention are told of", async () => {
  const [path, config] = [files.path("years.csv"), files.path("old.config.mjs")];
  writeFileSync(path, `user,item,type,time\nann,tea,buy,2020-01-02\nben,tea,buy,${new Date().toISOString()}\n`);
  writeFileSync(config, `export default { store: ${JSON.stringify(files.path("old.db"))}, retention: "400d" };`);
  const { output } = await captured("import", path, "--config", config);
  expect(output).toContain("1 event older than the retention of 400d");
});

test("imports catalogs and users, with columns of other names, into a store and a server", async () => {
  const [items, users, supplier] = [files.path("items.csv"), files.path("users.jsonl"), files.path("supplier.csv")];
  writeFileSync(items, "id,title,price,code\ntea,Green tea,4.5,1\nmint,Mint tea,3.9,A2\n");
  writeFileSync(users, '{"id":"ann","country":"AT"}\n{"id":"ben","properties":{"country":"DE"}}\n');
  writeFileSync(supplier, "sku;name;price\njug;Milk jug;12.9\n");
  const engine = await openEngine({ store: "memory", port: 0, log: "silent" });
  const server: RunningServer = await serveEngine(engine);
  try {
    const place = ["--server", server.address, "--key", server.firstKey ?? ""];
    const first = await captured("import", "--items", items, "--users", users, ...place);
    expect(first.code).toBe(SUCCESS);
    expect(first.errors).toContain("title (text), price (number), code (text)");
    const second = await captured("import", "--items", supplier, "--map", "sku=id,name=title", ...place);
    expect(second.output).toContain("1 item");
    const { store } = engine.project("default");
    expect(store.item("tea")?.properties).toEqual({ title: "Green tea", price: 4.5, code: "1" });
    expect(store.item("jug")?.properties).toEqual({ title: "Milk jug", price: 12.9 });
    expect(["ann", "ben"].map((id) => store.user(id)?.properties)).toEqual([{ country: "AT" }, { country: "DE" }]);
    expect(store.size).toBe(0);
  } finally {
    await server.close();
  }
  expect((await captured("import", "--store", files.path("none.db"))).code).toBe(WRONG_USE);
});

test("an export of Google Analytics 4, and one of a shop system, are read as what they are", async () => {
  const store = files.path("exports.db");
  const event = (name: string, user: string, items: string[]) =>
    JSON.stringify({
      event_name: name,
      event_timestamp: "1767312000000000",
      user_pseudo_id: user,
      items: items.map((item_id) => ({ item_id, price: 3 })),
    });
  const lines = [event("view_item", "1.2", ["mug"]), event("page_view", "1.2", []), event("purchase", "1.2", ["mug", "lamp"])];
  writeFileSync(files.path("ga4.jsonl"), `${lines.join("\n")}\n`);
  writeFileSync(files.path("shopify.csv"), "Handle,Title,Variant Price,Barcode\nmug,Red mug,14.95,1\nmug,,16.95,2\n");
  const events = await captured("import", files.path("ga4.jsonl"), "--store", store);
  expect(events.output).toContain("Wrote 3 events");
  expect((await captured("import", files.path("ga4.jsonl"), "--store", store)).output).toContain("Wrote 0 events");
  const items = await captured("import", "--items", files.path("shopify.csv"), "--store", store);
  expect(items).toMatchObject({ code: SUCCESS });
  expect(items.errors).toContain("is read as a product export of Shopify; not used: Barcode");
  const { stats, titles } = await stored(store);
  expect(stats.eventTypes.map(({ type, count }) => [type, count])).toEqual([
    ["view", 1],
    ["purchase", 2],
  ]);
  expect(titles).toContainEqual({ title: "Red mug", price: 14.95 });
});
