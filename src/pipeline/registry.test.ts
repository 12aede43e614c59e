import fc from "fast-check";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { expect, test } from "vitest";
import { fitting, type JsonSchema, spoiled } from "../server/testing/arbitrary-json.ts";
import { checkSpec } from "./check-spec.ts";
import { defineSource } from "./define-source.ts";
import { makeSource } from "./make-source.ts";
import type { SourceSpec } from "./recommender.gen.ts";
import { propertyName } from "./references.ts";
import { PipelineRegistry } from "./registry.ts";
import { plainCatalog } from "./testing/requests.ts";

const registry = new PipelineRegistry();
const open = { schema: { properties: {}, open: true }, registry, custom: false };

function misfit(spec: unknown, context: Parameters<typeof checkSpec>[2] = open): string | undefined {
  try {
    checkSpec(spec, "mine", context);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

test("configuration checks reject what the request schema rejects, plus only what a schema can't express", () => {
  const compiled = Compile(registry.schema);
  const values = fitting(registry.schema as JsonSchema, { "": ["a", "7d"], filter: ["true"], of: ["true"], when: ["true"] });
  const unknowable = /expression|two sources called|no source has that name|Line 1/;
  fc.assert(
    fc.property(fc.oneof(values, spoiled(values)), (spec) => {
      const message = misfit(spec);
      if (!compiled.Check(spec)) expect(message).toBeDefined();
      else if (message !== undefined) expect(message).toMatch(unknowable);
    }),
    { numRuns: 200 },
  );
});

test.each([
  { seenBy: Array.from({ length: 256 }, (_, i) => `type-${i}`) },
  { boosts: Array.from({ length: 50 }, () => ({ by: "1" })) },
  { sources: [{ kind: "newest" }], scorer: { kind: "blend", weights: { newest: 1e6 } } },
  { diversity: { kind: "mmr", strength: 0, by: Array.from({ length: 100 }, (_, i) => `p${i}`) } },
  { exploration: { kind: "thompson", share: 0 } },
])("the largest allowed, and not one more: %#", (spec) => {
  expect(misfit(spec)).toBeUndefined();
  expect(Compile(registry.schema).Check(spec)).toBe(true);
});

const byColor = defineSource({
  kind: "by-color",
  description: "Items of one color.",
  options: {
    color: Type.String({ description: "The color." }),
    property: Type.Optional(propertyName(["category"], "The property that has the color.")),
  },
  namedBy: "color",
  create: ({ name, color }) => ({ name, candidates: () => ({ items: Uint32Array.of(color.length), scores: Float32Array.of(1) }) }),
});

test("your own kind of source is checked, named and created like the built-in ones", () => {
  const own = new PipelineRegistry({ sources: [byColor] });
  const context = { ...open, registry: own, schema: { properties: { price: "number" } } } as const;
  expect(
    misfit({ sources: [{ kind: "by-color", color: "red" }], scorer: { kind: "blend", weights: { red: 2 } } }, context),
  ).toBeUndefined();
  expect(misfit({ sources: [{ kind: "by-color" }] }, context)).toBe("mine.sources[0].color is missing.");
  expect(misfit({ sources: [{ kind: "by-color", color: "red", property: "price" }] }, context)).toContain("must be of type category");
  expect(misfit({ sources: [{ kind: "by-color", color: "red" }] })).toContain('but is "by-color"');
  expect(Compile(own.schema).Check({ sources: [{ kind: "by-color", color: "red" }] })).toBe(true);
  const spec = { kind: "by-color", color: "red", deadline: 7 } as object as SourceSpec;
  expect(own.load({ sources: [spec], fallbacks: [], scorer: { kind: "blend" } })).toBeInstanceOf(Promise);
  const weights = { types: [], of: () => 1 };
  const { name, deadline } = makeSource(spec, own, { catalog: plainCatalog(1), weights, model: () => expect.unreachable() });
  expect([name, deadline]).toEqual(["red", 7]);
});

test("a kind with a duplicate name or without a description is rejected", () => {
  const refused = (change: object) => () => new PipelineRegistry({ sources: [{ ...byColor, ...change }] });
  expect(refused({ kind: "newest" })).toThrow('The source "newest" cannot be used. This kind already exists.');
  expect(refused({ kind: "custom" })).toThrow("already exists");
  expect(refused({ description: "" })).toThrow("description is missing");
  expect(() => new PipelineRegistry({ sources: [byColor, byColor] })).toThrow("already exists");
});

test("a source whose create throws is an error that names it", () => {
  const broken = new PipelineRegistry({
    sources: [
      {
        ...byColor,
        create() {
          throw new TypeError("no palette");
        },
      },
    ],
  });
  const environment = { catalog: plainCatalog(1), weights: { types: [], of: () => 1 }, model: () => expect.unreachable() };
  expect(() => makeSource({ kind: "by-color", color: "red" } as object as SourceSpec, broken, environment)).toThrow(
    'Could not create the source "by-color": no palette',
  );
});

test("code is loaded once, when a recommender first uses it", async () => {
  const fresh = new PipelineRegistry();
  const spec = { sources: [{ kind: "newest" }], fallbacks: [] } as const;
  expect(() => fresh.sources.get("newest")).toThrow('The source "newest" is not loaded.');
  await fresh.load(spec);
  expect(fresh.sources.get("newest").kind).toBe("newest");
  expect(() => fresh.sources.get("popular")).toThrow("not loaded");
  expect(fresh.load(spec)).toBeUndefined();
});
