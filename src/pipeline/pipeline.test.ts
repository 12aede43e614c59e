import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../expression/compile.ts";
import { GuardedSource } from "./guarded-source.ts";
import { createPipeline } from "./pipeline.ts";
import type { PipelineParts } from "./pipeline-parts.ts";
import { compileRules } from "./rerank/compile-rules.ts";
import { blendRanks, blendScores } from "./scorer/blend.ts";
import type { Source } from "./source.ts";
import { fixedSource, historyOf, loadedRegistry, pipelineRequest, plainCatalog } from "./testing/requests.ts";

const registry = await loadedRegistry();

function partsOf(size: number, sources: readonly Source[], parts: Partial<PipelineParts> = {}): PipelineParts {
  const available = new Uint8Array(size).fill(1);
  return {
    catalog: plainCatalog(size),
    available: () => available,
    sources: sources.map((source) => new GuardedSource(source, 20)),
    fallbacks: [],
    filters: [],
    includeSeen: false,
    anchorByHistory: false,
    blend: blendRanks(),
    learned: () => undefined,
    indexOf: () => -1,
    rules: compileRules({}, { properties: {} }, registry),
    feedback: () => undefined,
    ...parts,
  };
}

const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

describe("a list", () => {
  test("merges sources, drops seen, excluded and anchor items, and is filled from fallbacks and then with the newest items", async () => {
    const parts = partsOf(12, [fixedSource("a", [1, 2, 3, 4]), fixedSource("b", [3, 5, 6])], {
      fallbacks: [new GuardedSource(fixedSource("popular", [1, 7]))],
    });
    const answer = await createPipeline(parts).run(
      pipelineRequest({ k: 8, seen: Uint32Array.of(2), exclude: Uint32Array.of(4, 99), anchors: Uint32Array.of(6) }),
    );
    // Both sources return 3; 1 is first in the first source; 5 is second in the second.
    expect(answer.items.map(({ item }) => item)).toEqual([3, 1, 5, 7, 11, 10, 9, 8]);
    expect(answer.items[0].sources).toEqual(["a", "b"]);
    expect(answer.items[3].sources).toEqual(["popular"]);
    expect(answer.items[4].sources).toEqual(["rest"]);
    expect(answer.items[0].score).toBeCloseTo(61 / 62 + 61 / 61);
    expect([...answer.features.b]).toEqual([2, Number.NaN, 1, ...Array(5).fill(Number.NaN)]);
    expect(answer.features["blend score"][0]).toBe(answer.items[0].score);
    expect(answer.skipped).toEqual([]);
  });

  test("can come from a source that only knows ids", async () => {
    const ids = ["c", "unknown", "a", "b"];
    const source: Source = {
      name: "ids",
      candidates: async ({ indexOf, allowed }) => {
        const items = Uint32Array.from(ids.map((id) => indexOf(id)).filter((item) => allowed[item] === 1));
        return { items, scores: Float32Array.from(items, (_, place) => -place) };
      },
    };
    const parts = partsOf(3, [source], { indexOf: (id) => ["a", "b", "c"].indexOf(id), fallbacks: undefined });
    const { items, skipped } = await createPipeline(parts).run(pipelineRequest({ exclude: Uint32Array.of(1) }));
    expect([items.map(({ item }) => item), skipped]).toEqual([[2, 0], []]);
  });

  test("is ordered by the learned scorer if there is one, and logs the blend scores", async () => {
    const scorer = {
      fillsIn: false,
      score: (_: unknown, out: Float32Array, blend?: Float32Array) => out.set(blend?.map((x) => 1 / x) ?? []),
    };
    const learned = () => ({ scorer, reason: "Learned from 300 conversions." });
    const answer = await createPipeline(partsOf(9, [fixedSource("a", [1, 2, 3])], { learned })).run(pipelineRequest({ k: 3, trace: true }));
    expect(answer.trace?.scorer).toEqual({ kind: "learned", note: "Learned from 300 conversions." });
    expect(answer.items.map(({ item }) => item)).toEqual([3, 2, 1]);
    expect([...answer.features["blend score"]]).toEqual([61 / 63, 61 / 62, 1].map(Math.fround));
  });

  test("contains only the given candidates, if any", async () => {
    const pipeline = createPipeline(partsOf(10, [fixedSource("a", [1, 2, 3, 4])]));
    const answer = await pipeline.run(pipelineRequest({ candidates: Uint32Array.of(9, 3, 3, 2, 77) }));
    expect(answer.items.map(({ item }) => item)).toEqual([2, 3, 9]);
  });

  test("satisfies the filters of the recommender and of the request, and the latter don't affect later requests", async () => {
    const price = Float64Array.from({ length: 10 }, (_, item) => item);
    const catalog = { ...plainCatalog(10), columns: { price: { type: "number" as const, values: price } } };
    const filter = (source: string) => compile(source, { result: "boolean", properties: { price: "number" } });
    const pipeline = createPipeline(partsOf(10, [], { catalog, filters: [filter("price >= 2"), filter("price <= $most")] }));
    const scope = { now: 0, parameters: { most: 6 } };
    const narrow = await pipeline.run(pipelineRequest({ scope, filters: [filter("price != 4")] }));
    expect(narrow.items.map(({ item }) => item)).toEqual([6, 5, 3, 2]);
    const wide = await pipeline.run(pipelineRequest({ scope: { now: 0, parameters: { most: 100 } } }));
    expect(wide.items.map(({ item }) => item)).toEqual([9, 8, 7, 6, 5, 4, 3, 2]);
    await expect(pipeline.run(pipelineRequest())).rejects.toMatchObject({ code: "bad-input" });
  });

  test("follows a growing catalog and items that come and go", async () => {
    let available = Uint8Array.of(1, 1);
    const pipeline = createPipeline(partsOf(2, [], { available: () => available }));
    const run = async () => (await pipeline.run(pipelineRequest({ seen: Uint32Array.of(0) }))).items.map(({ item }) => item);
    expect(await run()).toEqual([1]);
    available = Uint8Array.of(1, 1, 0, 1);
    expect(await run()).toEqual([3, 1]);
    expect(await run()).toEqual([3, 1]);
  });

  test("is based on the strongest recent item if the recommender says so", async () => {
    const asked: number[][] = [];
    const source: Source = {
      name: "like",
      candidates({ anchors }) {
        asked.push([...anchors]);
        return { items: new Uint32Array(0), scores: new Float32Array(0) };
      },
    };
    const pipeline = createPipeline(partsOf(5, [source], { anchorByHistory: true, includeSeen: true }));
    const history = { ...historyOf(1, 2, 3), weights: Float32Array.of(1, 3, 3.1) };
    const answer = await pipeline.run(pipelineRequest({ history }));
    expect(asked).toEqual([[2]]);
    expect([...answer.anchors]).toEqual([2]);
    expect(answer.items.map(({ item }) => item)).not.toContain(2);
  });
});

describe("a source that misbehaves", () => {
  test("is cut off at its deadline: its signal aborts, its late failure is ignored, and other sources are used", async () => {
    let aborted = false;
    const slow: Source = {
      name: "slow",
      async candidates({ signal }) {
        signal.addEventListener("abort", () => {
          aborted = true;
        });
        await later(60);
        throw new Error("too late to matter");
      },
    };
    const answer = await createPipeline(partsOf(5, [slow, fixedSource("a", [3])])).run(pipelineRequest({ k: 1 }));
    expect(answer.items[0].item).toBe(3);
    expect(answer.skipped).toEqual([{ source: "slow", reason: "timed-out", message: "No answer within 20 ms." }]);
    expect(aborted).toBe(true);
    await later(60);
  });

  test("that throws, rejects or isn't ready is reported with the reason", async () => {
    const failing: Source[] = [
      {
        name: "throws",
        candidates() {
          throw new Error("no luck");
        },
      },
      { name: "rejects", candidates: () => Promise.reject(new Error("network down")) },
      { ...fixedSource("early", [1]), ready: () => false },
      { name: "nothing", candidates: () => undefined as never },
    ];
    const answer = await createPipeline(partsOf(3, failing)).run(pipelineRequest());
    expect(answer.items).toHaveLength(3);
    expect(answer.skipped.map(({ source, reason }) => `${source} ${reason}`)).toEqual([
      "throws failed",
      "rejects failed",
      "early not-ready",
      "nothing failed",
    ]);
    expect(answer.skipped[0].message).toBe("no luck");
  });

  test("with invalid output is cleaned up, and the answer says so", async () => {
    const messy: Source = {
      name: "messy",
      candidates: () => ({
        items: [3, 3, 1, -1, 7.5, 99, 2, 4] as unknown as Uint32Array,
        scores: [1, 5, 2, 9, 9, 9, Number.NaN, 0] as unknown as Float32Array,
      }),
    };
    const answer = await createPipeline(partsOf(5, [messy])).run(pipelineRequest({ k: 3 }));
    expect(answer.items.map(({ item }) => item)).toEqual([1, 3, 4]);
    expect(answer.skipped[0].message).toBe("5 of its 8 candidates were dropped: not allowed, duplicate, or without a score.");
  });

  test("is paused after three failures in a row and not called in the meantime", async () => {
    let calls = 0;
    const source = new GuardedSource({
      name: "flaky",
      candidates() {
        calls++;
        throw new Error("down");
      },
    });
    const pipeline = createPipeline(partsOf(3, [], { sources: [source] }));
    const reasons: (string | undefined)[] = [];
    for (let i = 0; i < 5; i++) reasons.push((await pipeline.run(pipelineRequest())).skipped[0]?.reason);
    expect(reasons).toEqual(["failed", "failed", "failed", "resting", "resting"]);
    expect(calls).toBe(3);
  });
});

test("whatever sources do, lists contain only allowed items, no duplicates, and are never short while items remain", async () => {
  const rubbish = fc.record({
    items: fc.array(fc.oneof(fc.integer({ min: -3, max: 40 }), fc.double()), { maxLength: 20 }),
    scores: fc.array(fc.double(), { maxLength: 20 }),
  });
  const behaviour = fc.oneof(
    rubbish.map((given) => () => given as never),
    fc.constant(() => {
      throw new Error("failed");
    }),
    fc.constant(() => Promise.reject(new Error("rejected"))),
    rubbish.map((given) => () => Promise.resolve(given as never)),
    fc.uniqueArray(fc.nat(29), { maxLength: 20 }).map((items) => fixedSource("x", items).candidates),
  );
  const some = fc.uniqueArray(fc.nat(35), { maxLength: 30 });
  const genre = { type: "category" as const, names: ["a", "b", "c"], codes: Uint32Array.from({ length: 30 }, (_, item) => item % 3) };
  const schema = { properties: { genre: "category" as const } };
  const rules = fc
    .record(
      {
        boosts: fc.constant([{ by: 'if genre = "a" then 2 else 0.5' }]),
        pins: fc.array(fc.record({ item: fc.nat(35).map(String), place: fc.integer({ min: 1, max: 12 }) }), { maxLength: 3 }),
        shares: fc.constant([{ of: 'genre = "b"', min: 0.4 }]),
        diversity: fc.constantFrom({ kind: "mmr" as const, strength: 0.5 }, { kind: "dpp" as const, strength: 0.5 }),
        exploration: fc.constantFrom({ kind: "epsilon" as const, epsilon: 0.5 }, { kind: "thompson" as const }),
      },
      { requiredKeys: [] },
    )
    .map((spec) => compileRules(spec, schema, registry));
  await fc.assert(
    fc.asyncProperty(
      fc.array(behaviour, { maxLength: 4 }),
      fc.array(behaviour, { maxLength: 2 }),
      fc.record({ available: some, seen: some, exclude: some, anchors: some, only: fc.option(some), scores: fc.boolean(), rules }),
      fc.integer({ min: 1, max: 40 }),
      async (sources, fallbacks, { available, seen, exclude, anchors, only, scores, rules }, k) => {
        const size = 30;
        const mask = new Uint8Array(size);
        for (const item of available) if (item < size) mask[item] = 1;
        const named = (all: typeof sources) => all.map((candidates, i) => ({ name: `s${i}`, candidates }));
        const pipeline = createPipeline(
          partsOf(size, named(sources), {
            catalog: { ...plainCatalog(size), columns: { genre } },
            available: () => mask,
            indexOf: (id) => (Number(id) < size ? Number(id) : -1),
            rules,
            fallbacks: named(fallbacks).map((source) => new GuardedSource(source)),
            blend: scores ? blendScores() : blendRanks(),
          }),
        );
        const allowed = new Set(available.filter((item) => item < size && (only === null || only.includes(item))));
        for (const item of [...seen, ...exclude, ...anchors]) allowed.delete(item);
        const request = pipelineRequest({
          k,
          seen: Uint32Array.from(seen),
          exclude: Uint32Array.from(exclude),
          anchors: Uint32Array.from(anchors),
          candidates: only === null ? undefined : Uint32Array.from(only),
        });
        for (let again = 0; again < 2; again++) {
          const answer = await pipeline.run(request);
          const items = answer.items.map(({ item }) => item);
          expect(answer.items.every(({ propensity }) => propensity > 0 && propensity <= 1)).toBe(true);
          expect(new Set(items).size).toBe(items.length);
          expect(items.every((item) => allowed.has(item))).toBe(true);
          expect(items.length).toBe(Math.min(k, allowed.size));
        }
      },
    ),
    { numRuns: 300 },
  );
});
