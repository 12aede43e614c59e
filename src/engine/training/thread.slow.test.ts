import { expect, test } from "vitest";
import type { FitOrder, SlotOutcome } from "./messages.ts";
import { withScratchFolder } from "./scratch-folder.ts";
import { cinemaEvents } from "./testing/cinema-events.ts";
import { openShop } from "./testing/open-shop.ts";
import { fitInThread, loadInThread } from "./thread.ts";

const quiet = { signal: new AbortController().signal, onProgress: () => {}, onOutcome: async () => {} };

async function orderOver(models: FitOrder["slots"][number]["models"], folder: string) {
  const shop = await openShop(cinemaEvents());
  const order: FitOrder = {
    ...{ type: "fit", mode: "train", eventTypes: [...shop.eventTypes], events: undefined, objective: undefined },
    ...{ users: shop.users.size, items: shop.items.size, holdout: 0.1, threads: 2, seed: 1 },
    slots: [{ slot: "main", models, fixed: false, current: undefined, path: `${folder}/model` }],
  };
  return { order, segments: shop.segments() };
}

test("the model that comes back is the one in the file, and every candidate is accounted for", async () => {
  await withScratchFolder(async (folder) => {
    const { order, segments } = await orderOver(undefined, folder);
    const outcomes: SlotOutcome[] = [];
    const tasks = new Set<string>();
    await fitInThread(order, segments, {
      ...quiet,
      onProgress: (progress, task) => {
        expect(progress >= 0 && progress <= 1).toBe(true);
        tasks.add(task);
      },
      onOutcome: async (outcome) => void outcomes.push(outcome),
    });
    const [{ fitted, tried, model, metrics }] = outcomes;
    expect(await loadInThread(`${folder}/model`)).toEqual(fitted?.packed);
    expect(tried.map((one) => one.model).sort()).toEqual(["als", "ease", "item-knn", "popularity", "rp3beta"]);
    const best = Math.max(...tried.map((one) => one.metrics?.["ndcg@10"] ?? 0));
    expect(metrics["ndcg@10"]).toBe(best);
    expect(tried.find((one) => one.model === model)?.metrics?.["ndcg@10"]).toBe(best);
    expect(tasks.size).toBeGreaterThan(0);
  });
});

test("a candidate that cannot be fitted is passed over, with the reason", async () => {
  await withScratchFolder(async (folder) => {
    const { order, segments } = await orderOver([{ model: "ease" }, { model: "popularity" }], folder);
    const outcomes: SlotOutcome[] = [];
    await fitInThread({ ...order, items: 30_000 }, segments, {
      ...quiet,
      onOutcome: async (outcome) => void outcomes.push(outcome),
    });
    expect(outcomes[0].model).toBe("popularity");
    expect(outcomes[0].tried.map(({ label, error }) => [label, error?.slice(0, 20)])).toEqual([
      ["ease", "ease would need 3.6 "],
      ["popularity", undefined],
    ]);
  });
});

test("a thread that runs out of memory fails the fit with that reason, and this thread lives", async () => {
  await withScratchFolder(async (folder) => {
    const { order, segments } = await orderOver(undefined, folder);
    const fit = fitInThread(order, segments, { ...quiet, resourceLimits: { maxOldGenerationSizeMb: 4, maxYoungGenerationSizeMb: 1 } });
    await expect(fit).rejects.toMatchObject({ code: "unsupported", message: expect.stringMatching(/ran out of memory/) });
  });
});

test("a thread that does not listen is ended after its grace", async () => {
  await withScratchFolder(async (folder) => {
    const { order, segments } = await orderOver([{ model: "ease" }], folder);
    const controller = new AbortController();
    // The inverse of so large a matrix runs for a minute without a look at its messages.
    const fit = fitInThread({ ...order, items: 9000 }, segments, {
      ...quiet,
      signal: controller.signal,
      grace: 50,
      onProgress: () => controller.abort(),
    });
    await expect(fit).rejects.toMatchObject({ code: "aborted" });
  });
});

test("a publication that fails, fails the fit", async () => {
  await withScratchFolder(async (folder) => {
    const { order, segments } = await orderOver([{ model: "popularity" }], folder);
    const fit = fitInThread(order, segments, {
      ...quiet,
      onOutcome: async () => {
        throw new Error("the disk is full");
      },
    });
    await expect(fit).rejects.toThrow("the disk is full");
  });
});

test("a damaged file is refused by its code", async () => {
  await expect(loadInThread("/nowhere/model")).rejects.toMatchObject({ code: "not-found" });
  await expect(loadInThread(import.meta.filename)).rejects.toMatchObject({ code: "bad-artifact" });
});
