import { afterEach, expect, test } from "vitest";
import { Engines } from "../testing/engines.ts";
import { Jobs } from "./jobs.ts";
import { Retention } from "./retention.ts";

const engines = new Engines();
afterEach(() => engines.end());

const day = 86_400_000;
const event = (item: string, days: number) => ({ user: "ann", item, type: "view", time: Date.now() - days * day });

test("events older than the retention are removed at startup, recorded as a job", async () => {
  const store = await engines.database();
  const first = await engines.start({ store });
  await first.project("default").ingest([event("old", 40), event("older", 50), event("new", 1)]);
  await engines.stop(first);
  const project = (await engines.start({ store, retention: "30d" })).project("default");
  await expect.poll(() => project.store.stats().events).toBe(1);
  await expect
    .poll(() => project.jobs().find(({ kind }) => kind === "retention"))
    .toMatchObject({ state: "done", trigger: "schedule", result: { removed: 2 } });
  expect((await project.recommend("recently-viewed", { user: "ann" })).items.map(({ item }) => item)).toEqual(["new"]);
});

test("without a retention events stay, and impressions are removed after a month", async () => {
  const project = (await engines.start()).project("default");
  await project.ingest([event("old", 4000)]);
  await project.recommend("popular", {});
  const retention = new Retention(
    project.store,
    new Jobs(project.store.documents),
    undefined,
    (message) => expect.fail(message),
    () => true,
  );
  const served = async () => {
    let count = 0;
    for await (const _ of project.store.impressions()) count++;
    return count;
  };
  await retention.dropServed(Date.now() + 29 * day);
  expect(await served()).toBe(1);
  await retention.dropServed(Date.now() + 31 * day);
  await retention.dropEvents(Date.now());
  expect(await served()).toBe(0);
  expect(project.store.stats().events).toBe(1);
  await retention.close();
});

test("a failed removal is logged and retried", async () => {
  const project = (await engines.start()).project("default");
  await project.ingest([event("old", 40)]);
  const told: string[] = [];
  let broken = true;
  const store = {
    stats: () => project.store.stats(),
    dropImpressionsBefore: async () => {
      if (broken) throw new Error("The disk is full.");
    },
    dropBefore: (time: number) => project.store.dropBefore(time),
  };
  const retention = new Retention(
    store,
    new Jobs(project.store.documents),
    30 * day,
    (message) => told.push(message),
    () => true,
  );
  await retention.dropServed(Date.now());
  expect(told).toEqual(["Could not remove old data: The disk is full."]);
  broken = false;
  await retention.dropServed(Date.now());
  await retention.dropEvents(Date.now());
  expect([told.length, project.store.stats().events]).toEqual([1, 0]);
  await retention.close();
});
