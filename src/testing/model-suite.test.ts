import { describe, expect, test } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import type { FeatureTable } from "../data/features.ts";
import { defineModel, type ModelFactory } from "../model/define-model.ts";
import { content, fading, markov, toyModels } from "./model-suite/toy-models.ts";
import { modelSuite } from "./model-suite.ts";

// The suite must pass models whose declarations are true. Each model further down lies about one thing, and the suite must catch it.
describe.each(toyModels.map((factory) => [factory.definition.name, factory] as const))("%s", (_name, factory) => {
  test.each(modelSuite.map((check) => [check.name, check] as const))("%s", async (_title, check) => {
    await check.run(factory);
  });
});

async function failures(factory: ModelFactory): Promise<string[]> {
  const failed: string[] = [];
  for (const check of modelSuite)
    try {
      await check.run(factory);
    } catch (error) {
      failed.push(`${check.name}: ${(error as Error).message}`);
    }
  return failed;
}

/** A model with one score per item, computed from the data. */
function counting(name: string, count: (data: Dataset, scores: Float32Array) => void): ModelFactory {
  return defineModel({
    name,
    family: "test",
    ignoresHistory: true,
    options: {},
    fit(data) {
      const scores = new Float32Array(data.items.size);
      count(data, scores);
      return { scores };
    },
    score({ scores }, { rows }, out) {
      for (let row = 0; row < rows; row++) out.set(scores, row * scores.length);
    },
  });
}

/** A model that scores items by a value of each interaction's row. */
function byRow(name: string, of: (data: Dataset, row: number) => number): ModelFactory {
  return counting(name, (data, scores) => {
    for (const [row, item] of data.interactions.item.entries()) scores[item] += of(data, row);
  });
}

/** The code of a kind, or 0 if there is none. */
function code({ kind }: FeatureTable, entry: number): number {
  return kind?.type === "category" ? kind.codes[entry] : 0;
}

describe("the suite catches", () => {
  test.each([
    ["order", byRow("by-order", (_data, row) => row)],
    ["times", byRow("by-times", ({ interactions: { time } }, row) => (time?.[row] ?? 0) / 1e12)],
    ["context", byRow("by-context", ({ interactions: { context = {} } }, row) => code(context, row))],
    ["itemFeatures", byRow("by-features", ({ itemFeatures, interactions: { item } }, row) => code(itemFeatures, item[row]))],
    ["userFeatures", byRow("by-person", ({ userFeatures, interactions: { user } }, row) => code(userFeatures, user[row]))],
    ["sessions", byRow("by-session", ({ interactions: { session } }, row) => session?.[row] ?? 0)],
    ["baskets", byRow("by-basket", ({ interactions: { basket } }, row) => basket?.[row] ?? 0)],
    ["links", byRow("by-links", ({ links, interactions: { user } }, row) => links?.to[user[row]] ?? 0)],
    ["behaviors", byRow("by-type", ({ interactions: { type } }, row) => type?.[row] ?? 0)],
  ])("a model that uses %s without declaring it", async (need, factory) => {
    const failed = await failures(factory);
    expect(failed.join("\n")).toMatch(new RegExp(`its lists depend on .*${need}.*, which it doesn't declare`));
  });

  test("a model that declares needs it doesn't use", async () => {
    const { definition } = byRow("idle", () => 1);
    const failed = await failures(defineModel({ ...definition, needs: ["order", "sessions"] }));
    expect(failed).toEqual([expect.stringContaining("it declares order in needs, but order changes nothing")]);
  });

  test("a model that measures ages from its own clock", async () => {
    const { definition } = fading;
    const failed = await failures(
      defineModel({
        ...definition,
        score: (state, histories, out, options, context) =>
          definition.score?.(state, histories.askedAt({ at: histories.at?.map(() => 4e12) }), out, options, context),
      }),
    );
    expect(failed).toEqual([expect.stringContaining("shifting all times changes nothing")]);
  });

  test("a model that adds new items without using their features", async () => {
    const { definition } = content;
    const failed = await failures(
      defineModel({
        ...definition,
        extend: ({ factors }: { factors: Float32Array }, _features, count) => {
          const longer = new Float32Array(factors.length + 4 * count);
          longer.set(factors);
          return { factors: longer };
        },
      }),
    );
    expect(failed).toEqual([expect.stringContaining("ranks a new item with liked features above one without")]);
  });

  test("a model that emits rows out of order", async () => {
    const { definition } = markov;
    const failed = await failures(
      defineModel({
        ...definition,
        scoreSome(_state, { rows }, emit) {
          for (let row = rows - 1; row >= 0; row--) emit(row, 0, 1);
        },
      }),
    );
    expect(failed.join("\n")).toContain("Emit rows in ascending order");
  });
});
