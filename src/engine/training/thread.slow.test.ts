import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { FitInput, FitOrder, SlotOutcome } from "./fit-order.ts";
import { cinemaEvents } from "./testing/cinema-events.ts";
import { openShop } from "./testing/open-shop.ts";
import { fitInThread, loadInThread } from "./thread.ts";

async function inputOver(models: FitOrder["slots"][number]["models"], order: Partial<FitOrder> = {}): Promise<FitInput> {
  const shop = await openShop(cinemaEvents());
  return {
    order: {
      ...{ mode: "train", modules: [], eventTypes: [...shop.eventTypes] },
      ...{ users: shop.users.size, items: shop.items.size, holdout: 0.1, threads: 2, seed: 1 },
      slots: [{ slot: "main", models, fixed: false }],
      ...order,
    },
    segments: shop.segments(),
    features: { items: {}, users: {} },
    current: () => expect.fail("No model serves yet."),
    signal: new AbortController().signal,
    report: () => {},
  };
}

async function outcomesOf(outcomes: AsyncIterable<SlotOutcome>): Promise<SlotOutcome[]> {
  const all: SlotOutcome[] = [];
  for await (const outcome of outcomes) all.push(outcome);
  return all;
}

test("the returned model is the one in the file, and every candidate is reported", async () => {
  const tasks = new Set<string>();
  const input: FitInput = {
    ...(await inputOver(undefined)),
    report: (progress, task) => {
      expect(progress >= 0 && progress <= 1).toBe(true);
      tasks.add(task);
    },
  };
  let seen = 0;
  for await (const { fitted, tried, model, metrics } of fitInThread(input)) {
    seen++;
    expect(await loadInThread(String(fitted?.artifact))).toEqual(fitted?.packed);
    expect(tried.map((one) => one.model).sort()).toEqual(["als", "ease", "item-knn", "popularity", "rp3beta"]);
    const best = Math.max(...tried.map((one) => one.metrics?.["ndcg@10"] ?? 0));
    expect(metrics["ndcg@10"]).toBe(best);
    expect(tried.find((one) => one.model === model)?.metrics?.["ndcg@10"]).toBe(best);
  }
  expect(seen).toBe(1);
  expect(tasks.size).toBeGreaterThan(0);
});

test("a candidate that can't be fitted is skipped, with the reason", async () => {
  const [outcome] = await outcomesOf(fitInThread(await inputOver([{ model: "ease" }, { model: "popularity" }], { items: 30_000 })));
  expect(outcome.model).toBe("popularity");
  expect(outcome.tried.map(({ label, error }) => [label, error?.slice(0, 20)])).toEqual([
    ["ease", "ease would need 3.6 "],
    ["popularity", undefined],
  ]);
});

test("a thread that runs out of memory fails the fit with that reason, and the main thread survives", async () => {
  const resourceLimits = { maxOldGenerationSizeMb: 4, maxYoungGenerationSizeMb: 1 };
  const fit = outcomesOf(fitInThread(await inputOver(undefined), { resourceLimits }));
  await expect(fit).rejects.toMatchObject({ code: "unsupported", message: expect.stringMatching(/ran out of memory/) });
});

test("a thread that doesn't respond is terminated after its grace period", async () => {
  const controller = new AbortController();
  // Inverting a matrix this large takes a minute without checking for messages.
  const input = { ...(await inputOver([{ model: "ease" }], { items: 9000 })), signal: controller.signal, report: () => controller.abort() };
  await expect(outcomesOf(fitInThread(input, { grace: 50 }))).rejects.toMatchObject({ code: "aborted" });
});

test("if the reader of outcomes fails, the thread and its files are removed", async () => {
  let path = "";
  const read = async () => {
    for await (const { fitted } of fitInThread(await inputOver([{ model: "popularity" }]))) {
      path = String(fitted?.artifact);
      expect((await readFile(path)).length).toBeGreaterThan(0);
      throw new Error("the disk is full");
    }
  };
  await expect(read()).rejects.toThrow("the disk is full");
  await expect(readFile(path)).rejects.toMatchObject({ code: "ENOENT" });
});

test("a damaged file is rejected with a code", async () => {
  await expect(loadInThread("/nowhere/model")).rejects.toMatchObject({ code: "not-found" });
  await expect(loadInThread(import.meta.filename)).rejects.toMatchObject({ code: "bad-artifact" });
});
