import assert from "node:assert/strict";
import type { EntityInput } from "../../data/entities.ts";
import { MISSING } from "../../data/features.ts";
import type { ProjectStore } from "../../store/store.ts";
import { answers, check, event, hasCode, openedTwice, type StoreCheck } from "./session.ts";

const film: EntityInput = {
  id: "film",
  properties: {
    title: "A title of many words that nobody would take for the name of a category",
    year: 1999,
    colour: true,
    studio: "Small",
    genres: ["drama", "crime"],
    released: "1999-05-01",
    embedding: [0.5, -1, 2],
    origin: null,
  },
};

export const catalogChecks: readonly StoreCheck[] = [
  check("keeps items and users with properties, whose types come from the first values", async (session) => {
    const { shop } = session;
    await shop.append([event("a", "other")]);
    await shop.putItems([film, { id: "song", properties: { studio: "Large", genres: ["pop"], year: 2001 } }]);
    await shop.putUsers([{ id: "a", properties: { age: 30, town: "Ulm" } }]);
    for await (const open of openedTwice(session)) {
      assert.deepEqual(open.catalog.schema, {
        title: "text",
        year: "number",
        colour: "boolean",
        studio: "category",
        genres: "categories",
        released: "time",
        embedding: "vector",
      });
      const { origin: _, ...properties } = film.properties;
      assert.deepEqual(open.item("film")?.properties, properties);
      assert.deepEqual(open.user("a")?.properties, { age: 30, town: "Ulm" });
      assert.equal(open.item("other"), undefined);
      const { title, year, colour, studio, genres, released, embedding } = open.catalog.columns;
      assert.equal(open.catalog.size, 3);
      assert.ok(title.type === "text" && title.values[1] === film.properties.title && title.values[0] === "" && title.values[2] === "");
      assert.ok(year.type === "number" && Number.isNaN(year.values[0]) && year.values[1] === 1999 && year.values[2] === 2001);
      assert.ok(colour.type === "number" && colour.values[1] === 1 && Number.isNaN(colour.values[2]));
      assert.ok(studio.type === "category");
      assert.deepEqual([studio.codes[0], studio.names[studio.codes[1]], studio.names[studio.codes[2]]], [MISSING, "Small", "Large"]);
      assert.ok(released.type === "time" && released.values[1] === Date.parse("1999-05-01"));
      assert.ok(
        embedding.type === "vector" && embedding.dimensions === 3 && embedding.values[3] === 0.5 && Number.isNaN(embedding.values[6]),
      );
      assert.deepEqual(names(open, "genres"), [[], ["drama", "crime"], ["pop"]]);
      assert.equal(genres.type, "categories");
    }
  }),
  check("replaces an item with all its properties, but keeps its creation time", async (session) => {
    const { shop } = session;
    await shop.putItems([film]);
    const { created } = shop.item("film") ?? { created: Number.NaN };
    await shop.putItems([{ id: "film", properties: { year: 2000 }, hidden: true }]);
    for await (const open of openedTwice(session)) {
      const item = open.item("film");
      assert.deepEqual(item?.properties, { year: 2000 });
      assert.equal(item?.created, created);
      assert.ok(item !== undefined && item.updated >= created && item.hidden);
      assert.deepEqual(names(open, "genres"), [[]]);
    }
  }),
  check("excludes hidden, expired and deleted items from recommendation", async ({ shop, reopen }) => {
    const { catalog } = shop;
    const day = Date.UTC(2026, 0, 1);
    await shop.append([event("a", "known"), event("a", "gone")]);
    await shop.putItems([
      { id: "hidden", properties: {}, hidden: true },
      { id: "short", properties: {}, expires: day + 1000 },
      { id: "long", properties: {}, expires: day + 2000 },
    ]);
    assert.equal(await shop.deleteItems(["gone", "gone", "nothing"]), 1);
    assert.deepEqual([...catalog.available(day + 999)], [1, 0, 0, 1, 1]);
    assert.equal(catalog.available(day + 500), catalog.available(day + 501), "the same array as long as nothing changes");
    assert.deepEqual([...catalog.available(day + 1000)], [1, 0, 0, 0, 1]);
    assert.deepEqual([...catalog.available(day + 2000)], [1, 0, 0, 0, 0]);
    assert.deepEqual([...catalog.available(0)], [1, 0, 0, 1, 1], "also when the clock goes back");
    const { version } = catalog;
    await shop.append([event("b", "gone"), event("b", "fresh")]);
    assert.ok(catalog.version > version);
    const again = await reopen();
    assert.deepEqual([...again.catalog.available(day + 999)], [1, 0, 0, 1, 1, 1], "events don't restore a deleted item");
    assert.equal(await again.deleteItems(["gone", "short"]), 1);
    await again.putItems([{ id: "gone", properties: {} }]);
    assert.deepEqual([...again.catalog.available(day + 999)], [1, 1, 0, 0, 1, 1]);
    assert.equal(again.stats().describedItems, 3);
  }),
  check("knows when an item was first seen", async (session) => {
    const { shop } = session;
    const before = Date.now();
    await shop.append([event("a", "x", { time: 500 }), event("a", "y", { time: 300 }), event("b", "x", { time: 200 })]);
    await shop.putItems([
      { id: "x", properties: {} },
      { id: "made", properties: {} },
    ]);
    await shop.append([event("a", "made", { time: before + 1e9 })]);
    for await (const open of openedTwice(session)) {
      const [x, y, made] = open.catalog.firstSeen;
      assert.deepEqual([x, y], [200, 300]);
      assert.ok(made >= before && made <= Date.now());
    }
  }),
  check("rejects a value of the wrong type, and writes nothing", async ({ shop }) => {
    await shop.putItems([film]);
    const refused: EntityInput["properties"][] = [
      { year: "1999" },
      { title: 3 },
      { colour: "yes" },
      { genres: [1, 2] },
      { released: "soon" },
      { embedding: [1, 2] },
      { year: Number.NaN },
    ];
    for (const properties of refused) {
      const [name] = Object.keys(properties);
      const put = shop.putItems([
        { id: "good", properties: { year: 1 } },
        { id: "bad one", properties },
      ]);
      await assert.rejects(put, hasCode("bad-input", ["bad one", name]));
    }
    assert.equal(shop.item("good"), undefined);
    assert.equal(shop.items.indexOf("good"), -1);
    await assert.rejects(shop.putItems([{ id: "", properties: {} }]), hasCode("bad-input"));
    await assert.rejects(shop.putItems([{ id: "x", properties: JSON.parse('{"__proto__":1}') }]), hasCode("bad-input"));
  }),
  check("lets a schema grow, and rejects types that don't match existing values", async (session) => {
    const { shop } = session;
    await shop.putItems([{ id: "a", properties: { kind: "one", price: 3, home: [48.4, 10] } }]);
    await assert.rejects(shop.setSchema({ items: { kind: "categories", price: "text" } }), hasCode("conflict", ["price", '"a"']));
    assert.equal(shop.catalog.schema.kind, "category", "all or nothing");
    await assert.rejects(shop.setSchema({ items: { kind: "nonsense" as "text" } }), hasCode("bad-input", ["kind"]));
    await shop.setSchema({ items: { kind: "categories", home: "place", later: "time" } });
    await shop.putItems([{ id: "b", properties: { kind: ["two", "three"], later: 50_000, weight: 1 } }]);
    for await (const open of openedTwice(session)) {
      assert.deepEqual(names(open, "kind"), [["one"], ["two", "three"]]);
      const { home, later } = open.catalog.columns;
      assert.ok(home.type === "place" && home.latitude[0] === 48.4 && Number.isNaN(home.longitude[1]));
      assert.ok(later.type === "time" && later.values[1] === 50_000);
      assert.deepEqual(open.catalog.schema, { kind: "categories", price: "number", home: "place", later: "time", weight: "number" });
      await assert.rejects(open.putItems([{ id: "c", properties: { home: [91, 0] } }]), hasCode("bad-input", ["home"]));
    }
  }),
  check("widens an inferred category to several, but not a declared one", async ({ shop }) => {
    await shop.setSchema({ items: { strict: "category" } });
    await shop.putItems([{ id: "a", properties: { loose: "x", strict: "x" } }]);
    await shop.putItems([{ id: "b", properties: { loose: ["x", "y"] } }]);
    assert.deepEqual(names(shop, "loose"), [["x"], ["x", "y"]]);
    await assert.rejects(shop.putItems([{ id: "b", properties: { strict: ["x", "y"] } }]), hasCode("bad-input", ["strict"]));
  }),
  check("lists items and users in pages, ordered by id", async (session) => {
    const { shop } = session;
    const ids = Array.from({ length: 100 }, (_, i) => `id ${(i * 37) % 100}`);
    await Promise.all(ids.map((id) => shop.putItems([{ id, properties: {} }])));
    await shop.deleteItems(["id 5"]);
    const sorted = ids.filter((id) => id !== "id 5").sort();
    for await (const open of openedTwice(session)) {
      const listed: string[] = [];
      for (let after: string | undefined, more = true; more; ) {
        const page = open.listItems(after === undefined ? { limit: 7 } : { after, limit: 7 });
        listed.push(...page.map(({ id }) => id));
        after = listed[listed.length - 1];
        more = page.length === 7;
      }
      assert.deepEqual(listed, sorted);
      assert.deepEqual(
        open.listItems({ after: "id 5", limit: 1 }).map(({ id }) => id),
        ["id 50"],
      );
      assert.deepEqual(open.listUsers({ limit: 5 }), []);
    }
  }),
  check("keeps many items of one call consistent with events", async ({ shop, reopen }) => {
    const items = Array.from({ length: 3000 }, (_, i) => ({ id: `item ${i}`, properties: { n: i, tags: [`t${i % 5}`, `t${i % 7}`] } }));
    await Promise.all([shop.putItems(items), shop.append([event("a", "item 2999"), event("a", "elsewhere")])]);
    const before = await answers(shop);
    const { n } = shop.catalog.columns;
    assert.ok(n.type === "number" && n.values[shop.items.indexOf("item 2999")] === 2999);
    assert.deepEqual(await answers(await reopen()), before);
  }),
];

/** The names in a column of several categories, item by item. */
function names(shop: ProjectStore, property: string): string[][] {
  const column = shop.catalog.columns[property];
  assert.ok(column.type === "categories");
  return Array.from({ length: shop.catalog.size }, (_, i) =>
    Array.from(column.codes.subarray(column.offsets[i], column.offsets[i + 1]), (code) => column.names[code]),
  );
}
