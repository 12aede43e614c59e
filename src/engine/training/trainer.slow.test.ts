import { afterEach, expect, test } from "vitest";
import { readSafetensors } from "../../model/safetensors.ts";
import type { ProjectStore } from "../../store/store.ts";
import { type Unchecked, unchecked } from "../../store/testing/unchecked.ts";
import { loadStored } from "./load.ts";
import { ModelStore } from "./model-store.ts";
import { builtInModels } from "./model-table.ts";
import { createTrainer } from "./project-trainer.ts";
import { withScratchFolder } from "./scratch-folder.ts";
import { alikeItems, recommended } from "./testing/ask.ts";
import { cinemaEvents } from "./testing/cinema-events.ts";
import { endOf, train } from "./testing/end-of-job.ts";
import { openShop } from "./testing/open-shop.ts";
import type { Trainer, TrainerOptions } from "./trainer.ts";

const open: Trainer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((trainer) => trainer.close()));
});

async function trainerOver(store: ProjectStore, options: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const trainer = await createTrainer({ store, config: {}, ...options });
  open.push(trainer);
  return trainer;
}

const titles = (trainer: Trainer, slot = "main") =>
  trainer
    .models()
    .filter((one) => one.slot === slot)
    .map(({ model, state }) => `${model} ${state}`);
const events = cinemaEvents();

/** A trainer after a restart whose last fit took no time, so that the next fit is not delayed. */
async function rested(trainer: Trainer, store: ProjectStore, options: Partial<TrainerOptions>): Promise<Trainer> {
  await train(trainer);
  await trainer.close();
  for (const { key, body } of store.documents.list("model"))
    await store.documents.put("model", key, { ...(body as object), milliseconds: 0 });
  return await trainerOver(store, options);
}

test("a model is fitted in a thread, stored, made live, and live again after a restart", async () => {
  const shop = await openShop(events);
  const trainer = await trainerOver(shop);
  const published: string[] = [];
  trainer.onPublish((slot, model, record) => published.push(`${slot} ${model.name} ${record.state}`));
  const job = await train(trainer);
  expect(job).toMatchObject({ kind: "train", trigger: "manual", error: undefined, progress: 1 });
  const served = trainer.inService("main");
  expect(published).toEqual([`main ${served?.record.model} in-service`]);
  expect(served?.record).toMatchObject({ slot: "main", events: events.length, metricsBefore: undefined });
  expect(served?.record.metrics["ndcg@10"]).toBeGreaterThan(0.15);
  expect(served?.record.bytes).toBeGreaterThan(1000);
  const list = recommended(served?.model, [3, 17]);
  expect(list.length).toBe(10);
  await trainer.close();

  const again = await trainerOver(shop);
  const seen: string[] = [];
  again.onPublish((slot, model) => seen.push(`${slot} ${model.name}`));
  expect(seen).toEqual([`main ${served?.record.model}`]);
  expect(again.inService("main")?.record).toEqual(served?.record);
  expect(recommended(again.inService("main")?.model, [3, 17])).toEqual(list);
});

test("a model file contains no personal data", async () => {
  const shop = await openShop(events);
  const trainer = await trainerOver(shop, { config: { training: { models: ["als"] } } });
  await train(trainer);
  const id = trainer.inService("main")?.record.id ?? "";
  await withScratchFolder(async (folder) => {
    await new ModelStore(shop).fetch(id, `${folder}/model`);
    const { tensors } = await readSafetensors(`${folder}/model`);
    expect(Object.keys(tensors).sort()).toEqual(["histories.counts", "items.numbers", "state.factors", "state.gram"]);
  });
});

test("the first fit starts automatically with enough events; with too few it is popularity, and the reason says so", async () => {
  const shop = await openShop();
  const trainer = await trainerOver(shop);
  const published = new Promise<string>((resolve) => trainer.onPublish((_, model, record) => resolve(`${model.name}: ${record.reason}`)));
  await shop.append(unchecked(Array.from({ length: 120 }, (_, i) => ({ user: `u${i % 30}`, item: `i${i % 7}`, type: "view", time: i }))));
  expect(await published).toMatch(/^popularity: Popularity only: 120 pairs of 30 users and 7 items are too few/);
  expect(trainer.jobs()[0]).toMatchObject({ kind: "train", trigger: "first" });
});

/** People view two items together and buy two others together, so the lists show which of the two was learned. */
function shoppers(): Unchecked[] {
  return Array.from({ length: 200 }, (_, i): Unchecked[] => {
    const user = `user ${i}`;
    return i % 2 === 0
      ? [
          { user, item: "tent", type: "view", time: i },
          { user, item: "postcard", type: "view", time: i },
        ]
      : [
          { user, item: "tent", type: "purchase", time: i },
          { user, item: "stove", type: "purchase", time: i },
        ];
  }).flat();
}

test("training uses the configured weights", async () => {
  const shop = await openShop(shoppers());
  const first = async (events: Record<string, number>, model: string, options: Record<string, string | number | boolean>) => {
    const trainer = await trainerOver(shop, { config: { events, training: { models: [{ model, options }] } } });
    await train(trainer);
    const tent = shop.items.indexOf("tent");
    const [best] = recommended(trainer.inService("main")?.model, [tent]);
    await trainer.close();
    return shop.items.id(best);
  };
  const weighted = { useWeights: true, regularization: 1 };
  expect(await first({ view: 5, purchase: 1 }, "ease", weighted)).toBe("postcard");
  expect(await first({ view: 1, purchase: 5 }, "ease", weighted)).toBe("stove");
  expect(await first({ view: 9, purchase: 1 }, "als", { confidence: "log", factors: 4 })).toBe("postcard");
  expect(await first({ view: 1, purchase: 9 }, "als", { confidence: "log", factors: 4 })).toBe("stove");
  // Weight 0: those events don't count, however the model uses weights.
  expect(await first({ view: 0 }, "item-knn", { shrink: 0 })).toBe("stove");
  expect(await first({ purchase: 0 }, "item-knn", { shrink: 0 })).toBe("postcard");
});

test("a worse model is rejected with both metrics, and the live one stays", async () => {
  const shop = await openShop(events);
  const good = await trainerOver(shop, { config: { training: { models: ["item-knn"] } } });
  await train(good);
  await good.close();
  const bad = await trainerOver(shop, { config: { training: { models: ["random"] } } });
  await train(bad);
  expect(titles(bad)).toEqual(["random rejected", "item-knn in-service"]);
  const [rejected] = bad.models();
  expect(rejected.reason).toMatch(/^Rejected: random is worse than the live model, item-knn/);
  expect(rejected.metricsBefore?.["ndcg@10"]).toBeGreaterThan(rejected.metrics["ndcg@10"]);
  expect(bad.inService("main")?.model.name).toBe("item-knn");
});

test("the newest versions are kept for rollback in one call", async () => {
  const shop = await openShop(events);
  const trainer = await trainerOver(shop, { config: { training: { models: ["item-knn"], keep: 2 } } });
  for (let i = 0; i < 3; i++) await train(trainer);
  expect(titles(trainer)).toEqual(["item-knn in-service", "item-knn kept"]);
  expect((await shop.blobs.list()).length).toBe(2);
  const [newest, older] = trainer.models();
  const published: string[] = [];
  trainer.onPublish((_, __, record) => published.push(record.id));
  expect(await trainer.rollback("main")).toMatchObject({ id: older.id, state: "in-service" });
  expect(trainer.models().map(({ state }) => state)).toEqual(["kept", "in-service"]);
  await expect(trainer.rollback("main")).rejects.toMatchObject({ code: "not-found" });
  await expect(trainer.rollback("main", "nonsense")).rejects.toMatchObject({ code: "not-found" });
  expect((await trainer.rollback("main", newest.id)).id).toBe(newest.id);
  expect(published).toEqual([newest.id, older.id, newest.id]);
});

test("a damaged file is replaced with the previous version, and logged", async () => {
  const shop = await openShop(events);
  const trainer = await trainerOver(shop, { config: { training: { models: ["item-knn"] } } });
  await train(trainer);
  await train(trainer);
  const [newest, older] = trainer.models();
  await trainer.close();
  await shop.blobs.put(`model-${newest.id}`, [Buffer.from("not a model")]);
  const said: string[] = [];
  const again = await trainerOver(shop, { log: (message) => said.push(message) });
  expect(again.inService("main")?.record.id).toBe(older.id);
  expect(again.models().map(({ state }) => state)).toEqual(["rejected", "in-service"]);
  expect(said).toEqual([expect.stringMatching(`^Could not load the model ${newest.id} of main: .*Using ${older.id} instead\\.$`)]);
  await again.close();

  await shop.blobs.delete(`model-${older.id}`);
  const empty = await trainerOver(shop, { log: (message) => said.push(message) });
  expect(empty.inService("main")).toBeUndefined();
  expect(said[1]).toMatch(/the slot is empty until the next fit/);
});

test("sources that name a model have their own slots, which are removed when no longer used", async () => {
  const shop = await openShop(events);
  let slots = [
    { slot: "alike", model: "item-knn", options: { neighbors: 20 } },
    { slot: "often", model: "popularity" },
  ];
  const trainer = await trainerOver(shop, { slots: () => slots, config: { training: { models: ["item-knn"] } } });
  await train(trainer);
  expect(["main", "alike", "often"].map((slot) => trainer.inService(slot)?.model.name)).toEqual(["item-knn", "item-knn", "popularity"]);
  expect(trainer.inService("alike")?.model.options.neighbors).toBe(20);
  slots = [{ slot: "alike", model: "popularity", options: { neighbors: 1 } as never }];
  const failed = await endOf(trainer, (await trainer.start("manual")).id);
  expect(failed).toMatchObject({ state: "failed", error: expect.stringMatching(/popularity has no option "neighbors"/) });
  expect(trainer.inService("alike")?.model.name).toBe("item-knn");
  slots = [{ slot: "alike", model: "popularity", options: {} as never }];
  await train(trainer);
  expect(["main", "alike", "often"].map((slot) => trainer.inService(slot)?.model.name)).toEqual(["item-knn", "popularity", undefined]);
  expect(titles(trainer, "often")).toEqual([]);
});

test("one fit runs at a time; a canceled one leaves the live model in place", async () => {
  const shop = await openShop(events);
  const slow = { models: [{ model: "bpr", options: { epochs: 10_000 } }] };
  const trainer = await trainerOver(shop, { config: { training: { models: ["popularity"] } } });
  await train(trainer);
  await trainer.close();
  const second = await trainerOver(shop, { config: { training: slow } });
  const job = await second.start("manual");
  expect((await second.start("schedule")).id).toBe(job.id);
  while (second.jobs()[0].task !== "trying bpr") await new Promise((resolve) => setTimeout(resolve, 5));
  expect(second.jobs()[0]).toMatchObject({ state: "running", progress: expect.any(Number) });
  expect(await second.cancel(job.id)).toBe(true);
  expect(await endOf(second, job.id)).toMatchObject({ state: "cancelled", error: undefined });
  expect(second.inService("main")?.model.name).toBe("popularity");
  expect(await second.cancel(job.id)).toBe(false);
});

test("fits of two projects wait for each other", async () => {
  const [one, two] = await Promise.all([openShop(events), openShop(events)]);
  const config = { training: { models: ["item-knn"] } };
  const trainers = [await trainerOver(one, { config }), await trainerOver(two, { config })];
  const jobs = await Promise.all(trainers.map((trainer) => trainer.start("manual")));
  const [first, second] = await Promise.all(trainers.map((trainer, i) => endOf(trainer, jobs[i].id)));
  expect([first.state, second.state]).toEqual(["done", "done"]);
  expect(second.started).toBeGreaterThanOrEqual(first.finished ?? Number.POSITIVE_INFINITY);
});

test("a fit that throws fails with its reason, and the next one works", async () => {
  const shop = await openShop(events);
  const bad = await trainerOver(shop, { config: { training: { models: ["no-such-model"] } } });
  const said: string[] = [];
  const job = await endOf(bad, (await bad.start("manual")).id);
  expect(job).toMatchObject({ state: "failed", error: expect.stringMatching(/^Unknown model "no-such-model"\./) });
  await bad.close();
  const good = await trainerOver(shop, { config: { training: { models: ["item-knn"] } }, log: (message) => said.push(message) });
  await train(good);
  expect(good.inService("main")?.model.name).toBe("item-knn");
});

test("replicas: one trains, the others follow, request fits and cancel them", async () => {
  const shop = await openShop(events);
  const config = { training: { models: ["item-knn"] } };
  const leader = await trainerOver(shop, { config });
  const replica = await trainerOver(shop, { config });
  const followed = new Promise<string>((resolve) =>
    replica.onPublish((slot, model, record) => resolve(`${slot} ${model.name} ${record.id}`)),
  );
  const asked = await replica.start("manual");
  expect(asked).toMatchObject({ state: "waiting", trigger: "manual" });
  expect(await endOf(leader, asked.id)).toMatchObject({ state: "done" });
  expect(await followed).toBe(`main item-knn ${leader.inService("main")?.record.id}`);
  expect(recommended(replica.inService("main")?.model, [5])).toEqual(recommended(leader.inService("main")?.model, [5]));

  const serves = async (id: string) => {
    while (replica.inService("main")?.record.id !== id) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await train(leader);
  const [newest, older] = leader.models();
  await serves(newest.id);
  await leader.rollback("main");
  await serves(older.id);

  await leader.close();
  // There is no leader for a moment; the replica takes over.
  const own = await replica.start("manual");
  expect(await endOf(replica, own.id)).toMatchObject({ state: "done" });
});

test("an update adds new items at once, keeps the options, and says where its metrics are from", async () => {
  const shop = await openShop(events);
  const options = { config: { training: { models: [{ model: "als", options: { factors: 16 } }], afterEvents: 1000 } } };
  const trainer = await rested(await trainerOver(shop, options), shop, options);
  const before = trainer.inService("main")?.record;
  const published = new Promise<void>((resolve) => trainer.onPublish((_, __, { id }) => id !== before?.id && resolve()));
  const last = events[events.length - 1].time;
  const pair = (i: number) => [
    { user: `fan ${i}`, item: events[0].item, type: "watch", time: last + i },
    { user: `fan ${i}`, item: "a new film", type: "watch", time: last + i },
  ];
  await shop.append(unchecked(Array.from({ length: 100 }, (_, i) => pair(i)).flat()));
  await published;
  expect(trainer.jobs()[0]).toMatchObject({ kind: "update", trigger: "events" });
  const served = trainer.inService("main");
  expect(served?.record).toMatchObject({ model: "als", options: before?.options, metrics: before?.metrics });
  expect(served?.record.reason).toBe("Updated with the new events; metrics are from the fit that chose it.");
  const [best] = recommended(served?.model, [shop.items.indexOf(events[0].item)]);
  expect(shop.items.id(best)).toBe("a new film");
});

test("a deleted user is gone from the models after the next fit", async () => {
  const shop = await openShop([
    ...shoppers().filter(({ type }) => type === "view"),
    { user: "only one", item: "tent", type: "view", time: 500 },
    { user: "only one", item: "diary", type: "view", time: 501 },
  ]);
  const trainer = await trainerOver(shop, { config: { training: { models: [{ model: "item-knn", options: { shrink: 0 } }] } } });
  const alike = () => alikeItems(trainer.inService("main")?.model, shop.items.indexOf("tent")).map((item) => shop.items.id(item));
  await train(trainer);
  expect(alike()).toEqual(["postcard", "diary"]);
  await shop.deleteUser("only one");
  await train(trainer);
  expect(alike()).toEqual(["postcard"]);
});

test("events on unknown items trigger a fit", async () => {
  const shop = await openShop(events);
  const options = { config: { training: { models: ["popularity"] } } };
  const trainer = await rested(await trainerOver(shop, options), shop, options);
  const length = 200;
  const column = new Float64Array(length);
  trainer.observe({
    length,
    user: new Uint32Array(length),
    item: new Uint32Array(length).fill(1_000_000),
    type: new Uint8Array(length),
    value: column,
    time: new Float64Array(length),
  });
  while (trainer.jobs()[0].trigger !== "drift") await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await endOf(trainer, trainer.jobs()[0].id)).toMatchObject({ kind: "train", state: "done" });
});

test("files left behind by an interrupted publication are removed", async () => {
  const shop = await openShop(events);
  await shop.blobs.put("model-orphan", [Buffer.from("half a model")]);
  const trainer = await trainerOver(shop, { config: { training: { models: ["item-knn"] } } });
  expect(await shop.blobs.list()).toEqual([]);
  await train(trainer);
  await expect(loadStored(new ModelStore(shop), trainer.models()[0].id, { models: builtInModels, modules: [] })).resolves.toMatchObject({
    name: "item-knn",
  });
});
