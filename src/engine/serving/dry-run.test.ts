import { afterEach, expect, test } from "vitest";
import { Engines, view } from "../testing/engines.ts";

const engines = new Engines();
afterEach(() => engines.end());

test("a dry run shows what a rule would do to coverage and accuracy", async () => {
  const project = (await engines.start()).project("default");
  await project.store.putItems(Array.from({ length: 20 }, (_, i) => ({ id: `i${i}`, properties: { price: i } })));
  // Everyone ends with i0, the most popular item; the rest of the histories is spread over the others.
  const events = Array.from({ length: 40 }, (_, u) => [
    ...Array.from({ length: 4 }, (_, i) => view(`u${u}`, `i${1 + ((u + 5 * i) % 19)}`, i)),
    view(`u${u}`, "i0", 50),
  ]).flat();
  await project.ingest(events);

  const nothing = await project.dryRun("popular", {});
  expect(nothing).toMatchObject({ items: 20, of: 20, users: 40, shortLists: 0 });
  expect(nothing.coverage[1]).toBe(nothing.coverage[0]);
  // i0 is the most popular and the only target: first in every list.
  expect(nothing.ndcg).toEqual([1, 1]);

  const filtered = await project.dryRun("popular", { filter: "price > 0" });
  expect(filtered).toMatchObject({ items: 19, of: 20, ndcg: [1, 0], shortLists: 0 });
  const narrow = await project.dryRun("popular", { filter: "price < $most", parameters: { most: 3 } });
  expect(narrow).toMatchObject({ items: 3, shortLists: 40 });
  expect(narrow.coverage[1]).toBeLessThanOrEqual(3 / 20);
  const boosted = await project.dryRun("popular", { boosts: [{ by: "if price = 0 then 0.001 else 1" }] });
  expect(boosted.ndcg[1]).toBeLessThan(0.5);
});

test("an invalid dry run gets an error", async () => {
  const project = (await engines.start()).project("default");
  await expect(project.dryRun("nothing", {})).rejects.toMatchObject({ code: "unknown-recommender" });
  await expect(project.dryRun("popular", { filter: "price <" })).rejects.toMatchObject({ code: "bad-expression" });
  await expect(project.dryRun("similar-users", {})).rejects.toMatchObject({ code: "bad-input" });
  expect(await project.dryRun("popular", {})).toEqual({ items: 0, of: 0, users: 0, coverage: [0, 0], ndcg: [0, 0], shortLists: 0 });
});
