import { afterEach, expect, test } from "vitest";
import { Engines, twoTastes } from "./testing/engines.ts";

const engines = new Engines();
afterEach(() => engines.end());

test("a fitted model goes live without dropping a request, is live again after a restart, and can be rolled back", async () => {
  const config = { store: await engines.database(), training: { models: ["item-knn"], threads: 1 } };
  const first = await engines.start(config);
  const project = first.project("default");
  await project.ingest(twoTastes(30));
  await project.putRecommender("by-model", { sources: [{ kind: "model" }], fallbacks: [] });
  await project.putRecommender("by-ease", { sources: [{ kind: "model", model: "ease", name: "linear" }], fallbacks: [] });
  expect(await project.recommend("by-model", { history: ["a1"] })).toMatchObject({
    items: [],
    skipped: [{ source: "model", reason: "not-ready" }],
  });
  await project.train();
  // Requests run back to back during the fit: none fails, and at some point the model answers.
  let requests = 0;
  const answered = async () => {
    for (const name of ["by-model", "by-ease"]) {
      const { skipped } = await project.recommend(name, { history: ["a1"] });
      requests++;
      if (skipped.length > 0) return false;
    }
    return true;
  };
  await expect.poll(answered, { timeout: 30_000, interval: 2 }).toBe(true);
  expect(requests).toBeGreaterThan(3);
  const list = async (name: string) => (await project.recommend(name, { history: ["a1", "a2"], k: 5, trace: true })).items;
  for (const name of ["by-model", "by-ease"]) for (const { item } of await list(name)) expect(item).toMatch(/^a/);
  await expect.poll(() => project.jobs().filter(({ state }) => state === "running").length, { timeout: 30_000 }).toBe(0);
  expect(new Set(project.models().map(({ slot }) => slot))).toEqual(new Set(["main", "linear"]));
  const version = (await project.recommend("by-model", { history: ["a1"], trace: true })).trace?.models.model;
  expect(version).toBe(project.models().find(({ slot, state }) => slot === "main" && state === "in-service")?.id);
  const before = (await list("by-model")).map(({ item }) => item);
  await engines.stop(first);

  const again = (await engines.start(config)).project("default");
  const after = await again.recommend("by-model", { history: ["a1", "a2"], k: 5, trace: true });
  expect(after.items.map(({ item }) => item)).toEqual(before);
  expect(after.trace?.models.model).toBe(version);
  expect((await again.rollback("main", version)).id).toBe(version);
  await expect(again.rollback("main", "nothing")).rejects.toMatchObject({ code: "not-found" });
});
