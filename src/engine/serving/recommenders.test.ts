import { afterEach, expect, test } from "vitest";
import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import type { Source } from "../../pipeline/source.ts";
import { DocumentTable } from "../../store/documents.ts";
import { Engines, view } from "../testing/engines.ts";
import { Recommenders } from "./recommenders.ts";

const engines = new Engines();
afterEach(() => engines.end());

test("recommenders created over HTTP appear next to built-in and configured ones, and can be replaced and deleted", async () => {
  const engine = await engines.start({
    recommenders: { home: { sources: [{ kind: "popular" }] }, newest: { sources: [{ kind: "popular" }] } },
  });
  const project = engine.project("default");
  await project.ingest([view("ann", "a"), view("bob", "a"), view("ann", "b", 5)]);
  const origin = (name: string) => project.recommenders()[name]?.origin;
  expect(["for-you", "home", "newest", "mine"].map(origin)).toEqual(["ready", "config", "config", undefined]);
  const top = async (name: string) => (await project.recommend(name, { k: 1 })).items[0].item;

  await project.putRecommender("mine", { sources: [{ kind: "newest" }] });
  expect([origin("mine"), await top("mine"), await top("newest")]).toEqual(["api", "b", "a"]);
  await project.putRecommender("mine", { sources: [{ kind: "popular" }] });
  expect(await top("mine")).toBe("a");
  await project.putRecommender("trending", { sources: [{ kind: "newest" }] });
  expect([origin("trending"), await top("trending")]).toEqual(["api", "b"]);

  expect(await project.deleteRecommender("mine")).toBe(true);
  expect(await project.deleteRecommender("mine")).toBe(false);
  await expect(project.recommend("mine", {})).rejects.toMatchObject({ code: "unknown-recommender" });
  expect(await project.deleteRecommender("trending")).toBe(true);
  expect(origin("trending")).toBe("ready");
});

test.each([
  ["home", {}, "conflict", "configuration"],
  ["a b", {}, "bad-input", "a-z, 0-9"],
  ["../x", {}, "bad-input", "a-z, 0-9"],
  ["Mine", {}, "bad-input", "a-z, 0-9"],
  ["m".repeat(65), {}, "bad-input", "1 to 64"],
  ["mine", { souces: [] }, "bad-config", "Did you mean sources?"],
  ["mine", { filter: "pirce > 3" }, "bad-expression", "price"],
  ["mine", { filter: "price" }, "bad-expression", "true or false"],
  ["mine", { sources: [{ kind: "model", model: "als", options: { factors: -3 } }] }, "bad-config", "factors"],
  ["mine", { sources: [{ kind: "model", model: "alz" }] }, "bad-config", "Did you mean als?"],
  ["mine", { sources: [{ kind: "model", model: "ease", name: "main" }] }, "bad-config", "name"],
  ["mine", { sources: [{ kind: "model", model: "als", name: "factors" }] }, "bad-config", "already stands for a different model"],
  ["mine", { sources: [{ kind: "custom", source: { name: "x" } }] }, "bad-config", "configuration"],
])("%s with %j is refused", async (name, spec, code, message) => {
  const config = {
    items: { price: "number" as const },
    recommenders: { home: { sources: [{ kind: "model" as const, model: "als", name: "factors", options: { factors: 8 } }] } },
  };
  const project = (await engines.start(config)).project("default");
  await expect(project.putRecommender(name, spec as unknown as RecommenderSpec)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
  expect(Object.keys(project.recommenders())).not.toContain("mine");
});

test("a configured recommender is checked at startup, and may use properties that no item has yet", async () => {
  await expect(engines.start({ recommenders: { home: { sources: [{ kind: "popualr" as "popular" }] } } })).rejects.toMatchObject({
    code: "bad-config",
    message: expect.stringContaining("recommenders.home.sources[0].kind"),
  });
  const project = (await engines.start({ recommenders: { home: { filter: "price < 5" } } })).project("default");
  await project.ingest([view("ann", "a")]);
  expect((await project.recommend("home", {})).items).toEqual([]);
  await project.store.putItems([{ id: "a", properties: { price: 3 } }]);
  expect((await project.recommend("home", {})).items.map(({ item }) => item)).toEqual(["a"]);
});

test("if properties are declared, a misspelled one in a configured recommender is logged at startup, and the recommender still works", async () => {
  const recommenders = {
    cheap: { filter: "prize < 5" },
    fresh: { boosts: [{ by: "if age(publishd) < days(3) then 2 else 1" }] },
    fine: { filter: "price < 5 and has(published)", sources: [{ kind: "newest" as const, by: "published" }] },
  };
  const project = (await engines.start({ items: { price: "number", published: "time" }, recommenders })).project("default");
  expect(engines.logged).toEqual([
    expect.stringMatching(/^default: The recommender cheap uses .*recommenders\.cheap\.filter: .*"prize"\. Did you mean price\?/s),
    expect.stringMatching(
      /^default: The recommender fresh uses .*recommenders\.fresh\.boosts\[0\]\.by: .*"publishd"\. Did you mean published\?/s,
    ),
  ]);
  await project.store.putItems([{ id: "a", properties: { price: 3, prize: 3 } }]);
  expect((await project.recommend("cheap", {})).items.map(({ item }) => item)).toEqual(["a"]);
});

test("if no properties are declared, configured recommenders may use any", async () => {
  await engines.start({ recommenders: { cheap: { filter: "prize < 5" } } });
  expect(engines.logged).toEqual([]);
});

test("a source made late learns earlier events and those that arrive while it catches up", async () => {
  const project = (await engines.start()).project("default");
  await project.ingest(Array.from({ length: 5 }, (_, i) => view(`u${i}`, "a")));
  const put = project.putRecommender("likes", { sources: [{ kind: "popular", event: "like", name: "liked" }] });
  const likes = Array.from({ length: 50 }, (_, i) => ({ ...view(`u${i}`, `i${i % 3}`), type: "like" }));
  await Promise.all([put, ...likes.map((like) => project.ingest([like]))]);
  await expect
    .poll(async () => {
      const { items } = await project.recommend("likes", { trace: true, k: 3 });
      return items.map(({ item, sourceScores }) => [item, sourceScores?.liked]);
    })
    .toEqual([
      ["i0", 17],
      ["i1", 17],
      ["i2", 16],
    ]);
});

test("a recommender stored by another process answers once its code is loaded, and the previous one answers until then", async () => {
  const table = new DocumentTable();
  const unused = () => Promise.reject(new Error("not used"));
  const documents = {
    get: table.get.bind(table),
    list: table.list.bind(table),
    onChange: table.onChange.bind(table),
    put: unused,
    delete: unused,
  };
  let loaded = () => {};
  const loading = new Promise<void>((resolve) => {
    loaded = resolve;
  });
  const changed: string[] = [];
  const before: RecommenderSpec = { sources: [{ kind: "popular" }] };
  const recommenders = new Recommenders({ mine: before }, {}, documents, {
    load: (spec) => (spec === before ? undefined : loading),
    changed: (name) => changed.push(name),
  });
  const after: RecommenderSpec = { sources: [{ kind: "newest" }] };
  table.set("recommender", "mine", after);
  expect([recommenders.get("mine").spec, changed]).toEqual([before, []]);
  loaded();
  await loading;
  expect([recommenders.get("mine").spec, changed]).toEqual([after, ["mine"]]);
});

test("a source that gets ready on demand begins when the project opens, before any request", async () => {
  let asked = 0;
  const source: Source = {
    name: "mine",
    ready: () => {
      asked++;
      return false;
    },
    candidates: () => ({ items: new Uint32Array(0), scores: new Float32Array(0) }),
  };
  await engines.start({ recommenders: { home: { sources: [{ kind: "custom", source }] } } });
  expect(asked).toBeGreaterThan(0);
});
