import { afterEach, expect, test } from "vitest";
import type { ServerConfig } from "../config/config.ts";
import type { ProjectEngine } from "../engine.ts";
import { Engines, view } from "../testing/engines.ts";

const engines = new Engines();
afterEach(() => engines.end());

const config: ServerConfig = {
  recommenders: {
    shelf: { sources: [{ kind: "popular" }], seenBy: ["purchase"] },
    all: { sources: [{ kind: "popular" }], includeSeen: true },
  },
};

async function list(project: ProjectEngine, name: string, user = "ann"): Promise<string[]> {
  return (await project.recommend(name, { user, k: 1000, seed: 1 })).items.map(({ item }) => item).sort();
}

/** What it says before and after a restart, which must be the same. */
async function twice<T>(
  config: ServerConfig,
  first: (project: ProjectEngine) => Promise<unknown>,
  ask: (project: ProjectEngine) => Promise<T>,
) {
  const store = await engines.database();
  const engine = await engines.start({ ...config, store });
  await first(engine.project("default"));
  const live = await ask(engine.project("default"));
  await engines.stop(engine);
  expect(await ask((await engines.start({ ...config, store })).project("default"))).toEqual(live);
  return live;
}

test("what somebody bought stays out after any number of later events, until it is taken back or older than the retention", async () => {
  const bought = ["sofa", "rug", "clock"].map((item, i) => ({ ...view("ann", item, i - 600), type: "purchase" }));
  const looks = Array.from({ length: 450 }, (_, i) => view("ann", `look-${i % 5}`, i / 10));
  const others = ["sofa", "rug", "clock", "lamp"].map((item) => view("bob", item, -700));
  const lists = await twice(
    config,
    async (project) => {
      await project.ingest([...bought, ...others, ...looks]);
      await project.ingest([{ ...view("ann", "rug", 50), type: "return" }]);
    },
    async (project) => ({ shelf: await list(project, "shelf"), popular: await list(project, "popular") }),
  );
  expect(lists.shelf).toEqual(["lamp", "look-0", "look-1", "look-2", "look-3", "look-4", "rug"]);
  expect(lists.popular).toEqual(["lamp"]);

  const project = (await engines.start(config)).project("default");
  await project.ingest([...bought, ...others, ...looks]);
  expect(await list(project, "shelf")).not.toContain("sofa");
  await project.store.dropBefore(Date.now() - 11 * 3_600_000 + 30_000);
  expect(await list(project, "shelf")).toContain("sofa");
  expect(await list(project, "shelf")).not.toContain("clock");
  await project.deleteUser("ann");
  await project.ingest([view("ann", "lamp")]);
  expect(await list(project, "shelf")).toContain("clock");
});

test("recently-viewed and buy-again reach further back than the newest events", async () => {
  const week = 7 * 24 * 60;
  const coffee = ["ann", "bob", "cid"].flatMap((user) =>
    [1, 2, 3, 4].map((n) => ({ ...view(user, "coffee", -n * week), type: "purchase" })),
  );
  const looks = Array.from({ length: 300 }, (_, i) => view("ann", `look-${i % 5}`, i / 10));
  const lists = await twice(
    {},
    async (project) => void (await project.ingest([...coffee, ...looks])),
    async (project) => ({ recent: await list(project, "recently-viewed"), again: await list(project, "buy-again") }),
  );
  expect(lists.recent).toContain("coffee");
  expect(lists.again).toEqual(["coffee"]);
});

test("an item that somebody isn't interested in is in none of their lists until they undo it", async () => {
  const events = { "no-thanks": { hides: true }, "show-again": { undoes: "no-thanks" } };
  const all = ["a", "b", "c"];
  const base = all.flatMap((item, i) => [view("bob", item, i), view("cid", item, i), { ...view("ann", "a"), type: "purchase" }]);
  const names = ["popular", "shelf", "all", "recently-viewed", "for-you"];
  const lists = (project: ProjectEngine) =>
    Promise.all(names.map(async (name) => [name, await list(project, name)] as const)).then(Object.fromEntries);
  const hidden = await twice(
    { ...config, events },
    async (project) => {
      await project.ingest(base);
      await project.ingest([
        { ...view("ann", "a", 20), type: "no-thanks" },
        { ...view("ann", "b", 21), type: "not_interested" },
      ]);
      // Their many events later don't bring it back.
      await project.ingest(Array.from({ length: 250 }, (_, i) => view("ann", "d", 22 + i / 10)));
    },
    lists,
  );
  expect(hidden).toEqual({ popular: ["c"], shelf: ["c", "d"], all: ["c", "d"], "recently-viewed": ["d"], "for-you": ["c"] });
  const shown = await twice(
    { ...config, events },
    async (project) => {
      await project.ingest(base);
      await project.ingest(["a", "b"].map((item, i) => ({ ...view("ann", item, 20), type: ["no-thanks", "not_interested"][i] })));
      await project.ingest(["a", "b"].map((item, i) => ({ ...view("ann", item, 21), type: ["show-again", "interested"][i] })));
    },
    lists,
  );
  expect(shown).toMatchObject({ popular: ["b", "c"], shelf: ["b", "c"], all });
  const project = (await engines.start({ ...config, events })).project("default");
  await project.ingest(base);
  const history = [{ item: "c", type: "not_interested" }];
  const { items, why } = await project.recommend("all", { history, why: ["c"] });
  expect(items.map(({ item }) => item).sort()).toEqual(["a", "b"]);
  expect(why).toMatchObject([{ item: "c", reason: "The user has hidden it." }]);
});

test("a source that gives nothing says why", async () => {
  const sources = [
    { kind: "together" },
    { kind: "popular", event: "purchase" },
    { kind: "trending" },
    { kind: "recently-viewed" },
    { kind: "buy-again" },
    { kind: "content" },
    { kind: "newest", by: "released" },
  ] as const;
  const project = (await engines.start({ recommenders: { mine: { sources, fallbacks: [] } } })).project("default");
  await project.putItems([{ id: "lamp", properties: { title: "Lamp" } }]);
  await project.ingest([view("bob", "rug")]);
  const reasons = async (request: object) => {
    const { skipped } = await project.recommend("mine", request);
    return Object.fromEntries(skipped.map(({ source, reason, message }) => [source, `${reason}: ${message}`]));
  };
  expect(await reasons({})).toEqual({
    together: "empty: There is nothing to go by: no items in the request, and no history of the user.",
    popular: "empty: No events of type purchase yet.",
    trending: "empty: No allowed item gets clearly more events than before.",
    "recently-viewed": "empty: There is nothing to go by: no events of the user.",
    "buy-again": "empty: There is nothing to go by: no user.",
    content: "empty: There is nothing to go by: no items in the request, and no history of the user.",
    newest: "empty: No item has the property released as a time or a number.",
  });
  expect(await reasons({ user: "bob" })).toMatchObject({
    together: "empty: Nothing is known to go with these items more often than by chance.",
    content: "empty: No allowed item has properties like those of these items.",
    "buy-again": expect.stringContaining("Nothing that the user bought"),
  });
  expect((await reasons({ candidates: ["unknown"] })).together).toMatch(/^empty: No item is left/);
});

test("a pin doesn't show people what they bought, unless the recommender includes what was seen", async () => {
  const pins = [{ item: "sofa", place: 1 }];
  const project = (
    await engines.start({
      recommenders: {
        campaign: { sources: [{ kind: "popular" }], seenBy: ["purchase"], pins },
        reminder: { sources: [{ kind: "popular" }], includeSeen: true, pins },
      },
    })
  ).project("default");
  await project.ingest([{ ...view("ann", "sofa", 1), type: "purchase" }, ...["rug", "clock"].map((item) => view("bob", item, 2))]);
  const first = async (name: string, user: string) => (await project.recommend(name, { user, k: 3, seed: 1 })).items[0]?.item;
  expect(await first("campaign", "bob")).toBe("sofa");
  expect(await first("campaign", "ann")).not.toBe("sofa");
  expect(await first("reminder", "ann")).toBe("sofa");
});
