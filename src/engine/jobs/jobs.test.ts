import { afterEach, expect, test, vi } from "vitest";
import type { Documents } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";
import { jobKinds } from "./job.ts";
import { Jobs } from "./jobs.ts";

afterEach(() => void vi.useRealTimers());

const macrotask = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** Documents in memory, as JSON, so that only plain data survives. */
function documents(): Documents & { refuse: boolean } {
  const all = new Map<string, string>();
  const listeners: { kind: string; listener: (key: string, body: unknown) => void }[] = [];
  return {
    refuse: false,
    get: (kind, key) => JSON.parse(all.get(`${kind}/${key}`) ?? "null") ?? undefined,
    list: (kind) =>
      [...all]
        .filter(([name]) => name.startsWith(`${kind}/`))
        .map(([name, body]) => ({ key: name.slice(kind.length + 1), body: JSON.parse(body) as unknown }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
    async put(kind, key, body) {
      if (this.refuse) throw new RecoError("storage-failed", "The disk is full.");
      all.set(`${kind}/${key}`, JSON.stringify(body));
      for (const one of listeners) if (one.kind === kind) one.listener(key, JSON.parse(JSON.stringify(body)));
    },
    delete: async (kind, key) => all.delete(`${kind}/${key}`),
    onChange: (kind, listener) => void listeners.push({ kind, listener }),
  };
}

test("a running job is recorded, with progress, and keeps its result", async () => {
  const store = documents();
  const jobs = new Jobs(store);
  let go = () => {};
  const { job, finished } = await jobs.run({ kind: "train", trigger: "manual" }, async ({ report }) => {
    report(0.25, "fitting als");
    await new Promise<void>((resolve) => {
      go = resolve;
    });
    return { models: 1 };
  });
  expect(job).toMatchObject({ kind: "train", trigger: "manual", state: "running", error: undefined });
  await macrotask();
  expect(jobs.get(job.id)).toMatchObject({ state: "running", progress: 0.25, task: "fitting als" });
  go();
  expect(await finished).toMatchObject({ state: "done", progress: 1, result: { models: 1 } });
  expect(new Jobs(store).list()).toMatchObject([{ id: job.id, state: "done", progress: 1, result: { models: 1 } }]);
});

test("an error thrown by the work becomes the job's error", async () => {
  const jobs = new Jobs(documents());
  const { finished } = await jobs.run({ kind: "import", trigger: "manual" }, async () => {
    throw new RecoError("bad-data", "Line 7 is no JSON.");
  });
  expect(await finished).toMatchObject({ state: "failed", error: "Line 7 is no JSON." });
});

test("a canceled job ends as cancelled; one that fails on its own after the signal ends as failed", async () => {
  const jobs = new Jobs(documents());
  const untilAborted = (signal: AbortSignal, error: Error) =>
    new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(error)));
  const one = await jobs.run({ kind: "train", trigger: "manual" }, ({ signal }) =>
    untilAborted(signal, new RecoError("aborted", "Stopped.")),
  );
  const two = await jobs.run({ kind: "train", trigger: "manual" }, ({ signal }) => untilAborted(signal, new Error("out of paper")));
  await macrotask();
  expect(await Promise.all([one.job.id, two.job.id, "nobody"].map((id) => jobs.cancel(id)))).toEqual([true, true, false]);
  expect(await one.finished).toMatchObject({ state: "cancelled", error: undefined });
  expect(await two.finished).toMatchObject({ state: "failed", error: "out of paper" });
  expect(await jobs.cancel(one.job.id)).toBe(false);
});

test("jobs wait for their turn, and can be canceled while waiting", async () => {
  const jobs = new Jobs(documents());
  let open = () => {};
  const door = new Promise<void>((resolve) => {
    open = resolve;
  });
  let left = 0;
  const turn = async (signal: AbortSignal) => {
    await Promise.race([
      door,
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(new RecoError("aborted", "Stopped.")))),
    ]);
    return () => {
      left++;
    };
  };
  let ran = 0;
  const work = async () => ++ran;
  const patient = await jobs.run({ kind: "train", trigger: "manual", turn }, work);
  const gone = await jobs.run({ kind: "train", trigger: "manual", turn }, work);
  expect(patient.job).toMatchObject({ state: "waiting", started: undefined });
  await macrotask();
  await jobs.cancel(gone.job.id);
  expect(await gone.finished).toMatchObject({ state: "cancelled" });
  open();
  const done = await patient.finished;
  expect(done).toMatchObject({ state: "done", result: 1 });
  expect(done.started).toBeGreaterThanOrEqual(done.created);
  expect([ran, left]).toEqual([1, 1]);
});

test("a job of a dead process is failed after a restart; the process's own job keeps running", async () => {
  const store = documents();
  const { job } = await new Jobs(store).run({ kind: "train", trigger: "schedule" }, () => new Promise(() => {}));
  const restarted = new Jobs(store);
  const own = await restarted.run({ kind: "update", trigger: "events" }, () => new Promise(() => {}));
  await restarted.failOrphans();
  expect(restarted.get(job.id)).toMatchObject({ state: "failed", error: jobKinds.train.lost });
  expect(restarted.get(own.job.id)).toMatchObject({ state: "running" });
});

test("progress is written periodically for other processes, and never after the end", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const store = documents();
  const jobs = new Jobs(store, { beat: 1000 });
  const elsewhere = new Jobs(store);
  let go = () => {};
  const { job, finished } = await jobs.run({ kind: "import", trigger: "manual" }, async ({ report }) => {
    report(0.25, "importing events");
    await new Promise<void>((resolve) => {
      go = resolve;
    });
  });
  await macrotask();
  expect(elsewhere.get(job.id)).toMatchObject({ state: "running", progress: undefined, task: "" });
  vi.advanceTimersByTime(1000);
  await macrotask();
  expect(elsewhere.get(job.id)).toMatchObject({ state: "running", progress: 0.25, task: "importing events" });
  go();
  await finished;
  vi.advanceTimersByTime(10_000);
  await macrotask();
  expect(elsewhere.get(job.id)).toMatchObject({ state: "done", progress: 1, task: "" });
});

test("another process's import is lost after a while without heartbeats, and its error says what to do", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  const store = documents();
  let dead = false;
  const put: Documents["put"] = (...document) => (dead ? Promise.reject(new Error("It is dead.")) : store.put(...document));
  const importer = new Jobs({ ...store, put }, { shared: true, beat: 1000 });
  const leader = new Jobs(store, { shared: true, silence: 5000 });
  const { job } = await importer.run({ kind: "import", trigger: "manual" }, () => new Promise(() => {}));
  for (let second = 0; second < 20; second++) {
    vi.advanceTimersByTime(1000);
    await macrotask();
    await leader.failOrphans();
  }
  // It is alive: its process sends heartbeats.
  expect(leader.get(job.id)).toMatchObject({ state: "running" });
  dead = true;
  vi.advanceTimersByTime(4000);
  await leader.failOrphans();
  expect(leader.get(job.id)).toMatchObject({ state: "running" });
  vi.advanceTimersByTime(2000);
  await leader.failOrphans();
  expect(leader.get(job.id)).toMatchObject({
    state: "failed",
    error: expect.stringMatching(/Run it again: .* skipped\. Events without a key are counted again\.$/),
  });
});

test("an import that started before this process also gets its grace period", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  const store = documents();
  const dying = new Jobs(store, { shared: true, beat: 1e9 });
  const { job } = await dying.run({ kind: "import", trigger: "manual" }, () => new Promise(() => {}));
  const leader = new Jobs(store, { shared: true, silence: 5000 });
  await leader.failOrphans();
  expect(leader.get(job.id)).toMatchObject({ state: "running" });
  vi.advanceTimersByTime(6000);
  await leader.failOrphans();
  expect(leader.get(job.id)).toMatchObject({ state: "failed" });
  // If there can be no other process, the job's process is dead.
  const alone = documents();
  const before = await new Jobs(alone).run({ kind: "import", trigger: "manual" }, () => new Promise(() => {}));
  const after = new Jobs(alone);
  await after.failOrphans();
  expect(after.get(before.job.id)).toMatchObject({ state: "failed", error: jobKinds.import.lost });
});

test("the newest 100 jobs of a kind are kept, newest first", async () => {
  const jobs = new Jobs(documents());
  const ids: string[] = [];
  for (let i = 0; i < 130; i++) {
    const { job, finished } = await jobs.run({ kind: "retention", trigger: "schedule" }, async () => i);
    ids.push(job.id);
    await finished;
  }
  const results = jobs.list().map((job) => job.result as number);
  expect(results.length).toBe(100);
  expect(new Set(results)).toEqual(new Set(Array.from({ length: 100 }, (_, i) => i + 30)));
  expect(jobs.list().map((job) => job.created)).toEqual(
    jobs
      .list()
      .map((job) => job.created)
      .sort((a, b) => b - a),
  );
});

test("if the outcome of a job can't be written, it is kept in memory until the process exits", async () => {
  const store = documents();
  const jobs = new Jobs(store);
  const { job, finished } = await jobs.run({ kind: "train", trigger: "manual" }, async () => {
    store.refuse = true;
    return "a model";
  });
  await finished;
  expect(jobs.get(job.id)).toMatchObject({ state: "done", result: "a model" });
  await expect(jobs.run({ kind: "train", trigger: "manual" }, async () => 1)).rejects.toMatchObject({ code: "storage-failed" });
});

test("a job requested by one process is run by another, and can be stopped by the first", async () => {
  const store = documents();
  const here = new Jobs(store);
  const leader = new Jobs(store);
  let told = 0;
  leader.onRequest(() => told++);
  const { id } = await here.request({ kind: "train", trigger: "manual" });
  const dropped = await here.request({ kind: "train", trigger: "manual" });
  await here.cancel(dropped.id);
  await leader.failOrphans();
  expect([told, leader.requested().map((job) => job.id)]).toEqual([3, [id]]);
  const { finished } = await leader.run({ id, kind: "train", trigger: "manual" }, async ({ signal }) => {
    while (!signal.aborted) await macrotask();
    throw new RecoError("aborted", "Stopped.");
  });
  expect(here.get(id)).toMatchObject({ state: "running", trigger: "manual" });
  expect(leader.requested()).toEqual([]);
  expect(await here.cancel(id)).toBe(true);
  expect(await finished).toMatchObject({ id, state: "cancelled" });
  expect(here.get(dropped.id)).toMatchObject({ state: "cancelled" });
});
