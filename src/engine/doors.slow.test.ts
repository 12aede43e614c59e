import { spawn } from "node:child_process";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { openStorage } from "../store/open-storage.ts";
import type { Engine } from "./engine.ts";
import { type OpenEngineOptions, openEngine } from "./open-engine.ts";
import { twoTastes } from "./testing/engines.ts";
import type { FitRunner, SlotOutcome } from "./training/fit-order.ts";

const open: Engine[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

const ownModel = new URL("./testing/own-model.ts", import.meta.url);

async function trained(models: string[], options: OpenEngineOptions) {
  const engine = await openEngine({ store: "memory", training: { models, threads: 1 } }, options);
  open.push(engine);
  const project = engine.project("default");
  await project.ingest(twoTastes());
  await project.putRecommender("by-model", { sources: [{ kind: "model" }], fallbacks: [] });
  await project.train();
  await expect.poll(() => project.jobs()[0]?.state, { timeout: 50_000 }).not.toMatch(/waiting|running/);
  expect(project.jobs()[0]).toMatchObject({ state: "done", error: undefined });
  const list = async (history: string[], k = 1) => (await project.recommend("by-model", { history, k })).items.map(({ item }) => item);
  return { project, list };
}

/** Runs a fit in a process that shares only its input and output with this one. */
const fitInProcess: FitRunner = async function* ({ order, segments, current, signal }) {
  const child = spawn(process.execPath, [fileURLToPath(new URL("./testing/fit-process.js", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
    signal,
  });
  const send = (kind: string, bytes: Uint8Array) => {
    const head = Buffer.alloc(5);
    head.write(kind);
    head.writeUInt32LE(bytes.length, 1);
    child.stdin.write(Buffer.concat([head, bytes]));
  };
  send("o", Buffer.from(JSON.stringify(order)));
  for await (const segment of segments) send("s", segment);
  if (order.slots[0].current !== undefined) for await (const bytes of current(order.slots[0].slot)) send("c", bytes);
  child.stdin.end();
  const output = await buffer(child.stdout);
  if (output.length === 0) throw new Error("The process died.");
  for (let at = 0, outcome: SlotOutcome | undefined; at < output.length; ) {
    const bytes = output.subarray(at + 5, at + 5 + output.readUInt32LE(at + 1));
    if (output[at] === "j".charCodeAt(0)) outcome = JSON.parse(String(bytes)) as SlotOutcome;
    else if (outcome !== undefined) yield bytes.length === 0 ? outcome : { ...outcome, fitted: { artifact: bytes } };
    at += 5 + bytes.length;
  }
};

test("a fit runs in a process that shares only its input and output, and its model is promoted and served", async () => {
  const { project, list } = await trained(["item-knn"], { fitRunner: fitInProcess });
  expect(project.models()).toMatchObject([{ slot: "main", model: "item-knn", state: "in-service" }]);
  expect(project.models()[0].bytes).toBeGreaterThan(500);
  for (const item of await list(["a1"], 3)) expect(item).toMatch(/^a/);
  // Next time the live model is sent along, for comparison.
  const { id } = await project.train();
  await expect.poll(() => project.jobs().find((job) => job.id === id), { timeout: 50_000 }).toMatchObject({ state: "done" });
  expect(project.models().filter(({ state }) => state === "in-service").length).toBe(1);
});

test("a custom model is fitted in the training thread, served, and loaded again", async () => {
  const storage = await openStorage("memory");
  // Kept open, like a database that outlives the engines on top of it.
  const kept = new Proxy(storage, {
    get: (target, name) => {
      const value: unknown = name === "close" ? async () => {} : Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const { project, list } = await trained(["next-in-line"], { models: [ownModel], storage: kept });
  const { items } = project.store;
  const after = (id: string) => items.id((items.indexOf(id) + 1) % items.size);
  expect(await list(["b3"])).toEqual([after("b3")]);
  await open.pop()?.close();

  // Opened once without the module: the model goes unused there, and stays.
  const without = await openEngine({}, { storage: kept });
  expect(
    without
      .project("default")
      .models()
      .map(({ state }) => state),
  ).toEqual(["in-service"]);
  await without.close();

  const again = await openEngine({ training: { models: ["next-in-line"] } }, { models: [ownModel], storage: kept });
  open.push(again);
  const answer = await again.project("default").recommend("by-model", { history: ["b3"], k: 1 });
  expect(answer.items.map(({ item }) => item)).toEqual([after("b3")]);
});

test("a custom model also runs in another process", async () => {
  const { project, list } = await trained(["next-in-line"], { models: [ownModel], fitRunner: fitInProcess });
  expect(project.models()[0].model).toBe("next-in-line");
  expect((await list(["a1"])).length).toBe(1);
});

test("a custom model takes part in the automatic choice, with the features it needs, and sees events in order when serving", async () => {
  const engine = await openEngine({ store: "memory", training: { threads: 1 } }, { models: [ownModel] });
  open.push(engine);
  const project = engine.project("default");
  const triedBy = async () => {
    const { id } = await project.train();
    await expect.poll(() => project.job(id)?.state, { timeout: 50_000 }).not.toMatch(/waiting|running/);
    const job = project.job(id);
    expect(job).toMatchObject({ state: "done", error: undefined });
    return (job?.result as { slots: SlotOutcome[] } | undefined)?.slots[0].tried.find(({ model }) => model === "same-color");
  };
  await project.ingest(twoTastes(60));
  expect((await triedBy())?.error).toBe("It needs itemFeatures, which the project does not have.");
  await project.putItems(
    ["a", "b"].flatMap((color) => Array.from({ length: 10 }, (_, i) => ({ id: `${color}${i}`, properties: { color } }))),
  );
  expect(await triedBy()).toMatchObject({ model: "same-color", metrics: { "ndcg@10": expect.any(Number) as number } });

  await project.putRecommender("colored", { sources: [{ kind: "model", model: "same-color" }], fallbacks: [] });
  const { id } = await project.train();
  await expect.poll(() => project.job(id)?.state, { timeout: 50_000 }).not.toMatch(/waiting|running/);
  expect(project.job(id)).toMatchObject({ state: "done", error: undefined });
  const { items } = await project.recommend("colored", { history: ["a1", "a2", "b3"], k: 5 });
  for (const { item } of items) expect(item).toMatch(/^b/);
  expect(items.length).toBe(5);
});

test("model names are also checked against custom models", async () => {
  const config = { store: "memory", training: { models: ["next-in-lime"] } };
  await expect(openEngine(config, { models: [ownModel] })).rejects.toThrow(/"next-in-lime".*Did you mean next-in-line\?/);
  await expect(openEngine({ store: "memory" }, { models: ["/nowhere/model.js"] })).rejects.toMatchObject({ code: "bad-config" });
  await expect(
    openEngine({ store: "memory" }, { models: [new URL(import.meta.url.replace("doors.slow.test", "engine"))] }),
  ).rejects.toThrow(/exports no model/);
});

test("a runner that fails or omits a slot fails the job with that reason", async () => {
  const reasonOf = async (fitRunner: FitRunner) => {
    const engine = await openEngine({ store: "memory" }, { fitRunner });
    open.push(engine);
    const project = engine.project("default");
    await project.ingest(twoTastes(2));
    const { id } = await project.train();
    await expect.poll(() => project.jobs().find((job) => job.id === id)?.state).toBe("failed");
    return project.jobs().find((job) => job.id === id)?.error;
  };
  const busy = async function* (): AsyncGenerator<SlotOutcome> {
    yield await Promise.reject(new Error("No machine is free."));
  };
  expect(await reasonOf(busy)).toBe("No machine is free.");
  expect(await reasonOf(async function* () {})).toBe("The fit runner ended without an outcome for main.");
});
