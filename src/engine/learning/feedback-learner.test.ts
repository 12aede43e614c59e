import { afterEach, expect, test, vi } from "vitest";
import type { Source } from "../../pipeline/source.ts";
import { RecoError } from "../../util/errors.ts";
import { Random } from "../../util/random.ts";
import { Engines, view } from "../testing/engines.ts";
import { FeedbackLearner } from "./feedback-learner.ts";

const engines = new Engines();
afterEach(async () => {
  await engines.end();
  vi.useRealTimers();
});

/** A source that returns all items in a new random order for each request. */
function shuffled(name: string): Source {
  return {
    name,
    candidates: ({ allowed, k, random }) => {
      const items = random.shuffle(Uint32Array.from(allowed.keys()).filter((item) => allowed[item] === 1)).slice(0, k);
      return { items, scores: Float32Array.from(items, (_, place) => 1 / (1 + place)) };
    },
  };
}

test("a scorer learns from impressions which source is right, and its recommender then uses it", async () => {
  // This test decides when the engine learns.
  vi.useFakeTimers({ toFake: ["setInterval", "Date"] });
  const custom = (name: string) => ({ kind: "custom" as const, source: shuffled(name) });
  const spec = { sources: [custom("right"), custom("wrong")], scorer: { kind: "learned" as const }, fallbacks: [], includeSeen: true };
  const project = (await engines.start({ recommenders: { home: spec } })).project("default");
  await project.ingest(Array.from({ length: 40 }, (_, i) => view("ann", `i${i}`)));
  const random = new Random(1);
  let asked = 0;
  const served = async () => {
    const { id, items } = await project.recommend("home", { k: 8, trace: true, seed: asked++ });
    return { id, items: items.map(({ item, sourceScores }) => ({ item, right: sourceScores?.right ?? 0 })) };
  };
  /** How often the first item is among the top three of the right source. */
  const rightness = async () => {
    let right = 0;
    for (let list = 0; list < 100; list++) if ((await served()).items[0].right > 0.3) right++;
    return right / 100;
  };
  const scorer = async () => (await project.recommend("home", { k: 1, trace: true })).trace?.scorer;
  expect(await scorer()).toEqual({ kind: "blend", note: "Nothing has been learned from impressions yet." });
  vi.advanceTimersByTime(10_000);
  await expect.poll(scorer).toEqual({ kind: "blend", note: expect.stringMatching(/^0 conversions in \d+ lists; learning needs/) });
  const before = await rightness();
  for (let list = 0; list < 700; list++) {
    const { id, items } = await served();
    // The right source's top items are taken; the first place is looked at more.
    const taken = items.filter(({ right }, place) => right > 0.2 && random.uniform() < 0.9 / (1 + 0.2 * place));
    await project.ingest(taken.map(({ item }) => ({ user: "bob", item, type: "click", time: Date.now(), recommendation: id })));
  }
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(10_000);
  await expect.poll(rightness, { timeout: 20_000 }).toBeGreaterThan(0.9);
  expect(before).toBeLessThan(0.7);
  expect(await scorer()).toEqual({ kind: "learned", note: expect.stringMatching(/^Learned from \d+ conversions: /) });
});

test("counts how often items are shown and taken", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const project = (await engines.start()).project("default");
  await project.ingest(["a", "b", "c"].map((item) => view("ann", item)));
  const learner = new FeedbackLearner({
    store: project.store,
    objective: () => ({ gain: () => 1, adds: false }),
    learning: () => [],
    log: (message) => expect.fail(message),
  });
  await learner.learn();
  expect(learner.feedback).toBeUndefined();
  for (let i = 0; i < 10; i++) {
    const { id } = await project.recommend("popular", { k: 3 });
    if (i < 4) await project.ingest([{ user: "bob", item: "b", type: "click", time: Date.now(), recommendation: id }]);
  }
  vi.advanceTimersByTime(60_000);
  await learner.learn();
  const of = (counts: ArrayLike<number>) => ["a", "b", "c"].map((item) => counts[project.store.items.indexOf(item)]);
  const { shown, taken, rate } = learner.feedback ?? expect.fail("there is no feedback");
  expect([of(shown), of(taken), rate]).toEqual([[10, 10, 10], [0, 4, 0], 4 / 30]);
  await learner.close();
});

test("a learning failure is logged and retried", async () => {
  const project = (await engines.start()).project("default");
  const told: string[] = [];
  let broken = true;
  const { store } = project;
  const learner = new FeedbackLearner({
    store: {
      items: store.items,
      eventTypes: [],
      size: 0,
      segments: () => store.segments(),
      impressions: (from) => {
        if (broken) throw new RecoError("storage-failed", "The disk is gone.");
        return store.impressions(from);
      },
    },
    objective: () => ({ gain: () => 1, adds: false }),
    learning: () => [],
    log: (message) => told.push(message),
  });
  await learner.learn();
  expect(told).toEqual(["Could not learn from impressions: The disk is gone."]);
  broken = false;
  await learner.learn();
  expect(told).toHaveLength(1);
  expect(learner.feedback).toBeUndefined();
  await learner.close();
});
