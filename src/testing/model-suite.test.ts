import { describe, expect, test } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import type { FeatureTable } from "../data/features.ts";
import { defineModel, type ModelFactory } from "../model/define-model.ts";
import { content, fading, markov, toyModels } from "./model-suite/toy-models.ts";
import { modelSuite } from "./model-suite.ts";

// The suite must pass the models that say what they look at; those below lie in one thing, and it must catch them.
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

/** A model that answers with one number an item, made from the data. */
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

/** Scores of items by what stands in the row of each interaction. */
function byRow(name: string, of: (data: Dataset, row: number) => number): ModelFactory {
  return counting(name, (data, scores) => {
    for (const [row, item] of data.interactions.item.entries()) scores[item] += of(data, row);
  });
}

/** The code of a kind, or 0 where there is none. */
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
  ])("a model that looks at %s and does not say so", async (need, factory) => {
    const failed = await failures(factory);
    expect(failed.join("\n")).toMatch(new RegExp(`it is changed by .*${need}.*, which it does not declare`));
  });

  test("a model that says it needs what it does not look at", async () => {
    const { definition } = byRow("idle", () => 1);
    const failed = await failures(defineModel({ ...definition, needs: ["order", "sessions"] }));
    expect(failed).toEqual([expect.stringContaining("it declares that it needs order, and order changes nothing")]);
  });

  test("a model that counts ages from a moment of its own", async () => {
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

  test("a model that takes in new items without looking at their features", async () => {
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
    expect(failed).toEqual([expect.stringContaining("ranks a new item with the features of liked ones before one without")]);
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
