import { expect, test } from "vitest";
import type { Schema } from "../expression/check.ts";
import { compile } from "../expression/compile.ts";
import { assemblePipeline } from "./assemble.ts";
import { GuardedSource } from "./guarded-source.ts";
import type { PipelineRequest } from "./pipeline-parts.ts";
import type { RecommenderSpec } from "./recommender.gen.ts";
import type { CatalogView, Source } from "./source.ts";
import { fixedSource, historyOf, loadedRegistry, pipelineRequest } from "./testing/requests.ts";

const schema: Schema = { properties: { price: "number", genre: "category" } };
const catalog: CatalogView = {
  size: 12,
  version: 1,
  firstSeen: new Float64Array(12),
  columns: {
    price: { type: "number", values: Float64Array.from({ length: 12 }, (_, item) => 10 * item) },
    genre: { type: "category", codes: Uint32Array.from({ length: 12 }, (_, item) => item % 2), names: ["noir", "western"] },
  },
};
const available = new Uint8Array(12).fill(1);
available[11] = 0;

const liked: Source = {
  ...fixedSource("liked", [1, 2, 3, 4, 5, 6]),
  version: "fit 7",
  explain: (_request, item) => [
    { item: 8, weight: 3 },
    { item: 9, weight: item },
    { item: 7, weight: -1 },
  ],
};

const registry = await loadedRegistry();

function pipelineOf(spec: RecommenderSpec, sources: readonly Source[] = [liked]) {
  const popular = new GuardedSource(fixedSource("popular", [9, 8, 7]));
  return assemblePipeline(
    { ...spec, sources: sources.map((source) => ({ kind: "custom", source })) },
    {
      catalog,
      available: () => available,
      indexOf: (id) => Number(id),
      schema,
      source: (source) => (source.kind === "custom" ? new GuardedSource(source.source) : popular),
      registry,
      learned: () => undefined,
      feedback: () => undefined,
    },
  );
}

async function whyOf(spec: RecommenderSpec, item: number, request: Partial<PipelineRequest> = {}) {
  const answer = await pipelineOf(spec).run(pipelineRequest({ k: 2, ...request, why: Uint32Array.of(item) }));
  const [{ place, reason }] = answer.why ?? [];
  return place === undefined ? reason : `${place}: ${reason}`;
}

test("`why` names the first step that kept an item out", async () => {
  expect(await whyOf({}, 1)).toBe("1: In place 1, suggested by liked.");
  expect(await whyOf({}, 99)).toBe("Not in the catalog.");
  expect(await whyOf({}, 11)).toBe("Hidden, expired or deleted.");
  expect(await whyOf({}, 3, { candidates: Uint32Array.of(1, 2) })).toBe("Not among the candidates in the request.");
  expect(await whyOf({ filter: "price < 25" }, 3)).toBe("Does not pass the filter price < 25: price is 30, and must be < 25.");
  const filters = [compile('genre = "noir"', { ...schema, result: "boolean" })];
  expect(await whyOf({}, 3, { filters })).toBe('Does not pass the filter genre = "noir": genre is "western", and must be = "noir".');
  expect(await whyOf({}, 3, { seen: Uint32Array.of(3) })).toBe("The user has already seen it.");
  expect(await whyOf({ includeSeen: true }, 2, { seen: Uint32Array.of(2) })).toMatch(/^2: /);
  expect(await whyOf({}, 3, { exclude: Uint32Array.of(3) })).toBe("The request excludes it.");
  expect(await whyOf({}, 3, { anchors: Uint32Array.of(3) })).toBe("The list is based on this item.");
  expect(await whyOf({}, 10)).toBe("No source suggested it (candidates per source: liked 6).");
  expect(await whyOf({}, 4)).toBe("Suggested by liked: ranked 4 of 6 by score; the list has 2 places.");
});

test("`why` names the rules that moved an item out of the list or into it", async () => {
  expect(await whyOf({ caps: [{ by: "genre", max: 1 }] }, 3, { k: 3 })).toBe(
    'Suggested by liked: excluded by a cap: at most 1 per genre, and "western" is full.',
  );
  expect(await whyOf({ pins: [{ item: "10", place: 1 }] }, 10)).toBe("1: In place 1; pinned to place 1.");
  expect(await whyOf({ boosts: [{ by: "if price = 40 then 3 else 1" }] }, 4)).toMatch(/^1: In place 1, suggested by liked; boosted by 3/);
});

test("a trace has the history, steps, sources, models, scores, reasons and rules", async () => {
  const pipeline = pipelineOf({ filter: "price < 65", boosts: [{ by: "if price = 20 then 2 else 1" }] });
  const { items, trace } = await pipeline.run(
    pipelineRequest({ k: 3, trace: true, history: historyOf(8, 9), seen: Uint32Array.of(1, 8), exclude: Uint32Array.of(5) }),
  );
  expect(trace?.history).toEqual([
    { item: 8, weight: 1 },
    { item: 9, weight: 1 },
  ]);
  expect(trace?.steps).toEqual([
    { step: "catalog", left: 12 },
    { step: "available", left: 11 },
    { step: "filter price < 65", left: 7 },
    { step: "not seen", left: 6 },
    { step: "not excluded", left: 5 },
  ]);
  expect(trace?.sources.map(({ source, candidates }) => [source, candidates])).toEqual([["liked", 4]]);
  expect(trace?.models).toEqual({ liked: "fit 7" });
  expect(items.map(({ item }) => item)).toEqual([2, 3, 4]);
  expect(items[0].sourceScores).toEqual({ liked: 4 });
  expect(items[0].reasons).toEqual([
    { item: 8, weight: 0.6 },
    { item: 9, weight: 0.4 },
  ]);
  expect(items[0].rules?.[0]).toMatch(/^boosted by 2/);
  expect(items[1].rules).toEqual([]);
});

test("an answer without a trace has no explanations", async () => {
  const answer = await pipelineOf({}).run(pipelineRequest({ k: 1 }));
  expect(answer.trace).toBeUndefined();
  expect(answer.why).toBeUndefined();
  expect(answer.items[0]).toEqual({ item: 1, score: 1, propensity: 1, sources: ["liked"] });
});

test("a list that caps leave short is filled with items they admit", async () => {
  const pipeline = pipelineOf({ caps: [{ by: "genre", max: 2 }] }, [fixedSource("odd", [1, 3, 5])]);
  const { items } = await pipeline.run(pipelineRequest({ k: 4 }));
  expect(items.map(({ item }) => item % 2).sort()).toEqual([0, 0, 1, 1]);
  expect(items.slice(0, 2).map(({ item }) => item)).toEqual([1, 3]);
});

test("with an empty list of fallbacks, lists aren't filled", async () => {
  const { items } = await pipelineOf({ fallbacks: [] }, [fixedSource("two", [1, 3])]).run(pipelineRequest({ k: 4 }));
  expect(items.map(({ item }) => item)).toEqual([1, 3]);
});

test("items added by exploration are marked as such, with their propensity", async () => {
  const { items } = await pipelineOf({ exploration: { kind: "epsilon", epsilon: 1 } }).run(pipelineRequest({ k: 2 }));
  expect(items).toHaveLength(2);
  for (const { item, sources, propensity } of items) {
    expect([3, 4, 5, 6]).toContain(item);
    expect(sources).toEqual(["exploration", "liked"]);
    expect(propensity).toBeCloseTo(1 / 4);
  }
});
