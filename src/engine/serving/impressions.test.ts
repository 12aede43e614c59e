import { afterEach, expect, test } from "vitest";
import type { Impression } from "../../store/store.ts";
import { Engines, twoTastes, view } from "../testing/engines.ts";

const engines = new Engines();
afterEach(() => engines.end());

test("answers are recorded as served, except lists of users", async () => {
  const project = (await engines.start()).project("default");
  await project.ingest(twoTastes());
  const first = await project.recommend("for-you", { user: "a-person-1", k: 5 });
  const second = await project.recommend("popular", { history: ["b1"], k: 3 });
  await project.recommend("similar-users", { user: "a-person-1" });
  const served: Impression[] = [];
  for await (const answer of project.store.impressions()) served.push(answer);
  expect(served.map(({ id, user, recommender, items }) => ({ id, user, recommender, items }))).toEqual([
    { id: first.id, user: "a-person-1", recommender: "for-you", items: first.items.map(({ item }) => item) },
    { id: second.id, user: undefined, recommender: "popular", items: second.items.map(({ item }) => item) },
  ]);
  expect([...served[0].scores]).toEqual(first.items.map(({ score }) => Math.fround(score)));
  expect([...served[0].propensities]).toEqual(first.items.map(({ propensity }) => Math.fround(propensity)));
  expect(Object.keys(served[0].features)).toEqual(expect.arrayContaining(["together", "content", "trending"]));
});

test.each([{ kind: "epsilon", epsilon: 0.3 }, { kind: "thompson" }] as const)(
  "propensities that are logged are how often an item really stands in its place: $kind",
  async (exploration) => {
    const project = (await engines.start()).project("default");
    await project.ingest(Array.from({ length: 12 }, (_, i) => Array.from({ length: 12 - i }, (_, n) => view(`u${n}`, `i${i}`))).flat());
    await project.putRecommender("explore", { sources: [{ kind: "popular" }], exploration, fallbacks: [] });
    const runs = 3000;
    const stood = new Map<string, { times: number; propensities: number }>();
    for (let run = 0; run < runs; run++) {
      const { items } = await project.recommend("explore", { k: 4 });
      items.forEach(({ item, propensity }, place) => {
        const cell = stood.get(`${item} ${place}`) ?? { times: 0, propensities: 0 };
        stood.set(`${item} ${place}`, { times: cell.times + 1, propensities: cell.propensities + propensity });
      });
    }
    expect(stood.size).toBeGreaterThan(8);
    for (const { times, propensities } of stood.values()) {
      if (times < 60) continue;
      const real = times / runs;
      // Five standard deviations of the count, beside the estimate's own error where it is one (Thompson sampling draws 100 lists).
      const error = 5 * Math.sqrt((real * (1 - real)) / runs) + (exploration.kind === "thompson" ? 0.02 + 0.1 * real : 1e-6);
      expect(Math.abs(propensities / times - real)).toBeLessThan(error);
    }
  },
);
