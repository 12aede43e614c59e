import { afterEach, describe, expect, test } from "vitest";
import type { Answer } from "../pipeline/answer.ts";
import type { Source } from "../pipeline/source.ts";
import { Engines, twoTastes, view } from "./testing/engines.ts";

const engines = new Engines();
afterEach(() => engines.end());

const ids = ({ items }: Answer) => items.map(({ item }) => item);

test("the project named default exists, accepts events and answers", async () => {
  const project = (await engines.start()).project("default");
  expect(await project.ingest([view("ann", "a"), view("bob", "a"), view("bob", "b"), view("ann", "")])).toEqual({
    accepted: 3,
    duplicates: 0,
    refused: [{ index: 3, path: "/item", message: "item is empty." }],
  });
  const answer = await project.recommend("popular", { user: "cat" });
  expect(ids(answer)).toEqual(["a", "b"]);
  expect(answer).toMatchObject({ recommender: "popular", skipped: [] });
  expect(answer.id).toHaveLength(18);
});

describe("in real time", () => {
  test("the next request after an event reflects it: personalized, popular and already seen", async () => {
    const project = (await engines.start()).project("default");
    await project.ingest(twoTastes());
    expect(ids(await project.recommend("recently-viewed", { user: "eve" }))).toEqual([]);
    await project.ingest([view("eve", "b3", 59)]);
    expect(ids(await project.recommend("recently-viewed", { user: "eve" }))).toEqual(["b3"]);
    const personal = ids(await project.recommend("for-you", { user: "eve", k: 5, seed: 1 }));
    expect(personal).not.toContain("b3");
    expect(personal.filter((item) => item.startsWith("b")).length).toBeGreaterThanOrEqual(4);
    await project.ingest(Array.from({ length: 60 }, (_, i) => view(`crowd-${i}`, "late arrival", 59)));
    expect(ids(await project.recommend("popular", { k: 1 }))).toEqual(["late arrival"]);
  });

  test("an anonymous visitor gets personalized results from one click", async () => {
    const project = (await engines.start()).project("default");
    await project.ingest(twoTastes());
    for (const taste of ["a", "b"]) {
      const list = ids(await project.recommend("for-you", { history: [`${taste}4`], k: 5, seed: 1 }));
      expect(list.filter((item) => item.startsWith(taste)).length).toBeGreaterThanOrEqual(4);
      expect(list).not.toContain(`${taste}4`);
    }
  });

  test("a session is added to the user's stored history, and unknown items are ignored", async () => {
    const project = (await engines.start()).project("default");
    await project.ingest(twoTastes());
    await project.ingest([view("eve", "a1", 1)]);
    const { trace } = await project.recommend("for-you", {
      user: "eve",
      history: ["a2", "never seen", { item: "a3", type: "purchase" }],
      trace: true,
    });
    expect(trace?.history.map(({ item }) => item)).toEqual(["a3", "a2", "a1"]);
  });

  test("a session is weighted by event type, including types no stored event has", async () => {
    const project = (await engines.start({ recommenders: { fresh: { seenBy: ["purchase"] } } })).project("default");
    await project.ingest(twoTastes());
    const history = [
      { item: "a1", type: "dislike" },
      { item: "a2", type: "purchase" },
      { item: "a3", type: "like" },
    ];
    const { trace, items } = await project.recommend("fresh", { history, trace: true, k: 19 });
    expect(trace?.history).toEqual([
      { item: "a3", weight: 3 },
      { item: "a2", weight: Math.fround(5 * 2 ** (-1 / 16)) },
    ]);
    expect(items.map(({ item }) => item)).not.toContain("a2");
    expect(items.map(({ item }) => item)).toEqual(expect.arrayContaining(["a1", "a3"]));
  });

  test("a new item with properties is recommended at once, and has neighbors", async () => {
    const project = (await engines.start()).project("default");
    await project.store.putItems(
      ["a", "b"].flatMap((genre) =>
        Array.from({ length: 10 }, (_, i) => ({
          id: `${genre}${i}`,
          properties: { genre, title: `${genre === "a" ? "quiet garden" : "fast engine"} ${i}` },
        })),
      ),
    );
    await project.ingest(twoTastes());
    await project.recommend("similar", { items: ["a1"] });
    await project.store.putItems([{ id: "new", properties: { genre: "b", title: "fast engine anew" } }]);
    await expect
      .poll(async () => ids(await project.recommend("similar", { items: ["new"], k: 5 })).filter((item) => item.startsWith("b")).length, {
        timeout: 5000,
      })
      .toBe(5);
    const who = await project.recommend("items-to-users", { items: ["new"], k: 10 });
    expect(who.items.length).toBe(10);
    for (const { item } of who.items) expect(item).toMatch(/^b-person/);
    expect(who.about).toEqual(["new"]);
    const all = await project.recommend("for-you", { user: "b-person-1", k: 100 });
    expect(ids(all)).toContain("new");
  });
});

describe("a source that fails", () => {
  const custom = (source: Source) => ({ recommenders: { mine: { sources: [{ kind: "custom" as const, source }] } } });
  test("is skipped and reported in the answer, and popular items are served", async () => {
    const project = (
      await engines.start(
        custom({
          name: "broken",
          candidates: () => {
            throw new Error("no such table");
          },
        }),
      )
    ).project("default");
    await project.ingest([view("ann", "a"), view("bob", "a"), view("bob", "b")]);
    const answer = await project.recommend("mine", { user: "cat" });
    expect(ids(answer)).toEqual(["a", "b"]);
    expect(answer.skipped.filter(({ reason }) => reason !== "empty")).toEqual([
      { source: "broken", reason: "failed", message: "no such table" },
    ]);
  });

  test("is cut off at its deadline", async () => {
    const never = new Promise<never>(() => {});
    const config = {
      recommenders: { mine: { sources: [{ kind: "custom" as const, deadline: 20, source: { name: "slow", candidates: () => never } }] } },
    };
    const project = (await engines.start(config)).project("default");
    await project.ingest([view("ann", "a")]);
    const answer = await project.recommend("mine", { user: "cat" });
    expect(ids(answer)).toEqual(["a"]);
    expect(answer.skipped.filter(({ reason }) => reason !== "empty")).toEqual([
      { source: "slow", reason: "timed-out", message: expect.stringContaining("20 ms") },
    ]);
  });

  test("does not stop others from learning, and is logged", async () => {
    const config = custom({
      name: "forgetful",
      candidates: () => ({ items: new Uint32Array(0), scores: new Float32Array(0) }),
      observe: () => {
        throw new Error("out of memory");
      },
    });
    const project = (await engines.start(config)).project("default");
    await project.ingest([view("ann", "a")]);
    expect(ids(await project.recommend("mine", {}))).toEqual(["a"]);
    expect(engines.logged).toEqual(["default: The source forgetful failed to learn from 1 events: out of memory"]);
  });
});

describe("items that must not be shown", () => {
  test("hidden, expired and deleted items are never served, and return once allowed", async () => {
    const project = (await engines.start()).project("default");
    await project.ingest(["a", "b", "c", "d"].map((item) => view("ann", item)));
    const soon = Date.now() + 60;
    await project.store.putItems([
      { id: "a", properties: {}, hidden: true },
      { id: "b", properties: {}, expires: soon },
    ]);
    await project.store.deleteItems(["c"]);
    expect(ids(await project.recommend("popular", {})).sort()).toEqual(Date.now() < soon ? ["b", "d"] : ["d"]);
    await expect.poll(async () => ids(await project.recommend("popular", {}))).toEqual(["d"]);
    await project.store.putItems([{ id: "a", properties: {} }]);
    expect(ids(await project.recommend("popular", {})).sort()).toEqual(["a", "d"]);
  });

  test("filters keep lists full, and why explains what they leave out", async () => {
    const project = (await engines.start()).project("default");
    await project.store.putItems(Array.from({ length: 40 }, (_, i) => ({ id: `i${i}`, properties: { price: i } })));
    await project.ingest(Array.from({ length: 20 }, (_, i) => view("ann", `i${i}`)));
    const answer = await project.recommend("popular", {
      filter: "price >= $least",
      parameters: { least: 25 },
      k: 15,
      why: ["i3", "i39", "nothing"],
    });
    expect(ids(answer).sort()).toEqual(Array.from({ length: 15 }, (_, i) => `i${25 + i}`));
    expect(answer.why).toEqual([
      { item: "i3", place: undefined, reason: expect.stringContaining("price is 3") },
      { item: "i39", place: expect.any(Number), reason: expect.any(String) },
      { item: "nothing", place: undefined, reason: "Unknown item." },
    ]);
    await expect(project.recommend("popular", { filter: "prise > 3" })).rejects.toMatchObject({
      code: "bad-expression",
      message: expect.stringContaining("price"),
    });
    await expect(project.recommend("popular", { filter: "price > $least" })).rejects.toMatchObject({ code: "bad-input" });
  });

  test("requests that can't be answered get an error that says what to do", async () => {
    const project = (await engines.start()).project("default");
    await project.ingest([view("ann", "a")]);
    await expect(project.recommend("for-yuo", {})).rejects.toMatchObject({
      code: "unknown-recommender",
      message: expect.stringContaining("for-you"),
    });
    await expect(project.recommend("similar", {})).rejects.toMatchObject({ code: "bad-input" });
    await expect(project.recommend("similar", { items: ["x"] })).rejects.toMatchObject({ code: "unknown-item" });
    await expect(project.recommend("similar-users", {})).rejects.toMatchObject({ code: "bad-input" });
    await expect(project.recommend("similar-users", { user: "ann", filter: "true" })).rejects.toMatchObject({ code: "bad-input" });
    for (const k of [0, 1001, 1.5, Number.NaN])
      await expect(project.recommend("popular", { k })).rejects.toMatchObject({ code: "bad-input" });
  });
});

test("the built-in for-you isn't filled by one category", async () => {
  const project = (await engines.start({ items: { category: "category" } })).project("default");
  const items = Array.from({ length: 60 }, (_, i) => ({ id: `i${i}`, properties: { category: i < 40 ? "tea" : "pots" } }));
  await project.putItems(items);
  // Everybody looks at tea; a few look at pots.
  await project.ingest(
    Array.from({ length: 400 }, (_, i) => view(`u${i % 40}`, `i${i % 10 === 0 ? 40 + (i % 20) : (i * 7) % 40}`, 30 + (i % 20))),
  );
  const list = ids(await project.recommend("for-you", { history: ["i1", "i2"], k: 20, seed: 1 }));
  const tea = list.filter((id) => Number(id.slice(1)) < 40).length;
  expect(list).toHaveLength(20);
  expect(tea).toBeLessThanOrEqual(13); // 12, and one by exploration at most
});

test("projects are isolated from each other", async () => {
  const engine = await engines.start();
  const other = await engine.createProject("other");
  await engine.project("default").ingest([view("ann", "a")]);
  await other.ingest([view("ann", "secret")]);
  expect(ids(await other.recommend("popular", {}))).toEqual(["secret"]);
  expect(ids(await engine.project("default").recommend("recently-viewed", { user: "ann" }))).toEqual(["a"]);
  await other.putRecommender("mine", {});
  expect(Object.keys(engine.project("default").recommenders())).not.toContain("mine");
  await engine.deleteProject("other");
  expect(() => engine.project("other")).toThrow("other");
  expect(ids(await engine.project("default").recommend("popular", {}))).toEqual(["a"]);
});

test("projects listed in the configuration are created once, at startup, and keep their data", async () => {
  const store = await engines.database();
  const first = await engines.start({ store, projects: { shop: { objective: "purchase" } } });
  expect([...first.store.projects()].sort()).toEqual(["default", "shop"]);
  await first.project("shop").ingest([view("ann", "a")]);
  await first.createProject("by-hand");
  await engines.stop(first);
  const again = await engines.start({ store, projects: { shop: {}, books: { recommenders: { home: {} } } } });
  expect([...again.store.projects()].sort()).toEqual(["books", "by-hand", "default", "shop"]);
  expect(ids(await again.project("shop").recommend("popular", {}))).toEqual(["a"]);
  expect(again.project("books").recommenders().home.origin).toBe("config");
});

test("a restart doesn't change the lists", async () => {
  const store = await engines.database();
  const config = { store, items: { price: "number" as const } };
  const first = await engines.start(config);
  const project = first.project("default");
  await project.store.putItems(Array.from({ length: 12 }, (_, i) => ({ id: `a${i}`, properties: { price: i } })));
  await project.ingest(twoTastes());
  await project.putRecommender("cheap", { filter: "price < 5", sources: [{ kind: "together" }, { kind: "popular" }] });
  const asked = { user: "a-person-3", k: 6, seed: 7 };
  const names = ["cheap", "popular", "because-you-liked", "similar-users"];
  const before = [];
  for (const name of names) before.push((await project.recommend(name, asked)).items);
  await engines.stop(first);
  const again = (await engines.start(config)).project("default");
  const after = [];
  for (const name of names) after.push((await again.recommend(name, asked)).items);
  expect(after.map((items) => items.map(({ item }) => item))).toEqual(before.map((items) => items.map(({ item }) => item)));
  expect(before[0].map(({ item }) => item).sort()).toEqual(expect.arrayContaining(["a0"]));
});
