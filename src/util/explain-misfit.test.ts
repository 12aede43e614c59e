import fc from "fast-check";
import { Compile } from "typebox/compile";
import { describe, expect, test } from "vitest";
import { ItemInput } from "../data/entities.ts";
import { PipelineRegistry } from "../pipeline/registry.ts";
import { ItemPatch } from "../server/schemas/entity.ts";
import { EventBatch } from "../server/schemas/event.ts";
import { RecommendationRequest } from "../server/schemas/recommendation.ts";
import { fitting, type JsonSchema, spoiled } from "../server/testing/arbitrary-json.ts";
import { explainMisfit } from "./explain-misfit.ts";

const { schema: Recommender } = new PipelineRegistry();

describe.each(Object.entries({ EventBatch, ItemInput, ItemPatch, RecommendationRequest, Recommender }))("of %s", (_, schema) => {
  const compiled = Compile(schema);
  const values = fitting(schema as JsonSchema, { "": ["a", "2026-01-01T00:00:00Z", "7d"] });

  test("reports nothing for a value that matches", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(compiled.Check(value)).toBe(true);
        expect(explainMisfit(schema, value)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("explains exactly the values that the compiled check rejects", () => {
    fc.assert(
      fc.property(spoiled(values), (value) => {
        expect(explainMisfit(schema, value).length > 0).toBe(!compiled.Check(value));
      }),
      { numRuns: 300 },
    );
  });
});

test.each<[object, object, string, string]>([
  [
    Recommender,
    { sources: [{ kind: "trendin" }] },
    "/sources/0/kind",
    'must be one of "buy-again", "content", "model", "newest", "popular", "recently-viewed", "together", "trending", but is "trendin". Did you mean trending?',
  ],
  [Recommender, { sources: [{ kind: "popular", halflife: "7d" }] }, "/sources/0/halflife", "is not known here. Did you mean halfLife?"],
  [Recommender, { sources: [{}] }, "/sources/0/kind", "is missing"],
  [Recommender, { exploration: { kind: "epsilon", epsilon: 2 } }, "/exploration/epsilon", "must be at most 1, but is 2."],
  [RecommendationRequest, { history: ["a", { itm: "b" }] }, "/history/1/item", "is missing."],
  [
    RecommendationRequest,
    { parameters: { "no name": 1 } },
    "/parameters/no name",
    "is not a valid name. Use letters, digits and _, starting with a letter.",
  ],
  [RecommendationRequest, { "a/b~c": 1 }, "/a~1b~0c", "is not known here."],
])("reports the right place and reason: %#", (schema, value, path, message) => {
  const [first] = explainMisfit(schema, value);
  expect(first.path).toBe(path);
  expect(first.message).toContain(message);
});

test("a repeated mistake is reported a limited number of times", () => {
  expect(
    explainMisfit(
      EventBatch,
      Array.from({ length: 1000 }, () => ({})),
    ).length,
  ).toBeLessThan(50);
});
