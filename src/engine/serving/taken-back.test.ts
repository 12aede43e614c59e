import { afterEach, expect, test } from "vitest";
import { readyMade } from "../../pipeline/ready-made.ts";
import { Random } from "../../util/random.ts";
import type { ProjectEngine } from "../engine.ts";
import { Engines, view } from "../testing/engines.ts";

const engines = new Engines();
afterEach(() => engines.end());

const MINUTES = 30 * 24 * 60;

/** Everything that the ready-made recommenders say to some people. */
async function answers(project: ProjectEngine) {
  const said: Record<string, unknown> = {};
  for (const [name, { for: purpose }] of Object.entries(readyMade))
    for (const user of ["u1", "u2", "nobody"]) {
      const about = purpose === "items" || purpose === "items-to-users" ? { items: ["i3"] } : {};
      const { items } = await project.recommend(name, { user, ...about, k: 15, seed: 1 });
      said[`${name} for ${user}`] = items.map(({ item, score }) => [item, Math.fround(score).toPrecision(3)]);
    }
  return said;
}

test("a restarted server answers as the live one did, with taken-back, late and repeated events", async () => {
  const store = await engines.database();
  const random = new Random(5);
  const types = ["view", "purchase", "return", "like", "unlike", "not_interested", "interested", "cart", "remove-from-cart"];
  const engine = await engines.start({ store });
  const live = engine.project("default");
  for (let batch = 0; batch < 12; batch++)
    await live.ingest(
      Array.from({ length: 100 }, () => ({
        ...view(`u${random.integer(8)}`, `i${random.integer(25)}`, -random.integer(MINUTES)),
        type: types[Math.min(random.integer(types.length), random.integer(types.length))],
      })),
    );
  const before = await answers(live);
  await engines.stop(engine);
  const again = (await engines.start({ store })).project("default");
  expect(await answers(again)).toEqual(before);
  expect(Object.values(before).some((list) => (list as unknown[]).length > 5)).toBe(true);
});

test("lists say the same as if what was taken back had never happened", async () => {
  const bought = Array.from({ length: 30 }, (_, user) =>
    ["tea", "cup"].map((item, i) => ({ ...view(`u${user}`, item, -user * 60 + i), type: "purchase" })),
  ).flat();
  const others = Array.from({ length: 30 }, (_, user) => ["salt", "oil"].map((item, i) => view(`v${user}`, item, -user * 60 + i))).flat();
  const cups = bought.filter(({ item }) => item === "cup");
  const lists = async (events: readonly ReturnType<typeof view>[]) => {
    const project = (await engines.start()).project("default");
    await project.ingest(events);
    const list = async (name: string, request: object) =>
      (await project.recommend(name, { k: 10, seed: 1, ...request })).items
        .filter(({ sources }) => !sources.includes("rest"))
        .map(({ item }) => item);
    return {
      popular: (await list("popular", {})).slice(0, 3),
      trending: (await list("trending", {})).includes("cup"),
      together: await list("bought-together", { items: ["tea"] }).then((items) => items[0] === "cup"),
    };
  };
  expect(await lists([...others, ...bought])).toMatchObject({ together: true });
  const back = cups.map((event) => ({ ...event, type: "return", time: event.time + 60_000 }));
  const taken = await lists([...others, ...bought, ...back]);
  expect(taken).toEqual(await lists([...others, ...bought.filter(({ item }) => item !== "cup")]));
});
