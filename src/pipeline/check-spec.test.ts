import { expect, test } from "vitest";
import type { Schema } from "../expression/check.ts";
import { checkSpec } from "./check-spec.ts";
import { readyMade } from "./ready-made.ts";
import { PipelineRegistry } from "./registry.ts";

const schema: Schema = { properties: { price: "number", genre: "category", added: "time", title: "text" } };
const registry = new PipelineRegistry();
const context = { schema, registry, models: ["als", "item-knn"], custom: false };

function problem(spec: unknown, custom = false): string {
  try {
    checkSpec(spec, "recommenders.mine", { ...context, custom });
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code}: ${message}`;
  }
  return "fine";
}

test("the built-in recommenders are valid", () => {
  for (const [name, spec] of Object.entries(readyMade)) checkSpec(spec, name, context);
});

test("every allowed option is accepted", () => {
  const spec = {
    for: "user",
    anchor: "strongest",
    sources: [
      { kind: "model", model: "als", options: { factors: 32 }, name: "mine", deadline: 20 },
      { kind: "trending", window: "7d", event: "view" },
      { kind: "popular", halfLife: "30d" },
      { kind: "newest", by: "added" },
      { kind: "recently-viewed" },
      { kind: "buy-again", event: "purchase" },
      { kind: "content", properties: ["title", "genre"] },
      { kind: "together" },
    ],
    filter: "price <= $most and has(genre)",
    includeSeen: false,
    seenBy: ["purchase"],
    scorer: { kind: "blend", weights: { mine: 1, trending: 0.2 }, method: "scores" },
    boosts: [{ by: "if price < 10 then 1.2 else 1" }],
    pins: [{ item: "x", place: 3, when: '$page = "home"' }],
    caps: [{ by: "genre", max: 2 }],
    shares: [{ of: 'genre = "new"', min: 0.2 }],
    diversity: { kind: "mmr", strength: 0.3, by: ["genre"] },
    calibration: { by: "genre", strength: 0.5 },
    exploration: { kind: "thompson", share: 0.5 },
    fallbacks: [],
  };
  expect(problem(spec)).toBe("fine");
});

test("weights may refer to default sources", () => {
  for (const purpose of ["user", "items"])
    expect(problem({ for: purpose, scorer: { kind: "blend", weights: { model: 1, together: 0.5, content: 0.2 } } })).toBe("fine");
});

test.each([
  [[], "bad-config: recommenders.mine must be an object, but is a list."],
  [{ filters: "price > 1" }, "bad-config: recommenders.mine.filters is not known here. Did you mean filter?"],
  [
    { sources: [{ kind: "trendin" }] },
    /^bad-config: recommenders\.mine\.sources\[0\]\.kind must be one of "buy-again", .*, "custom", but is "trendin"\. Did you mean trending\?$/,
  ],
  [
    { sources: [{ kind: "popular", halflife: "3d" }] },
    "bad-config: recommenders.mine.sources[0].halflife is not known here. Did you mean halfLife?",
  ],
  [
    { sources: [{ kind: "popular", halfLife: 3 }] },
    'bad-config: recommenders.mine.sources[0].halfLife must be a duration such as "30m", "6h" or "7d".',
  ],
  [
    { sources: [{ kind: "model", model: "asl" }] },
    "bad-config: recommenders.mine.sources[0].model must name a model. Did you mean als? Available models: als, item-knn.",
  ],
  [
    { sources: [{ kind: "newest", by: "title" }] },
    'bad-config: recommenders.mine.sources[0].by names "title", which is of type text; it must be of type time or number.',
  ],
  [
    { sources: [{ kind: "together" }, { kind: "together", event: "purchase" }] },
    'bad-config: recommenders.mine.sources has two sources called "together". Set a different "name" on one of them.',
  ],
  [
    { sources: [{ kind: "together" }], scorer: { kind: "blend", weights: { togther: 1 } } },
    'bad-config: recommenders.mine.scorer.weights names "togther", but no source has that name. Did you mean together?',
  ],
  [
    { scorer: { kind: "learned", weights: { contnt: 1 } } },
    'bad-config: recommenders.mine.scorer.weights names "contnt", but no source has that name. Did you mean content?',
  ],
  [
    { sources: [], scorer: { kind: "blend", weights: { model: 1 } } },
    'bad-config: recommenders.mine.scorer.weights names "model", but no source has that name.',
  ],
  [{ caps: [{ by: "price", max: 1 }] }, /caps\[0\]\.by names "price", which is of type number/],
  [{ diversity: { kind: "dpp", strength: 0.5, by: ["nothing"] } }, /diversity\.by\[0\] names "nothing", but no item property/],
  [{ diversity: { kind: "mmr", strength: Number.NaN } }, "bad-config: recommenders.mine.diversity.strength must be a number, but is NaN."],
  [{ seenBy: "purchase" }, 'bad-config: recommenders.mine.seenBy must be a list, but is "purchase".'],
  [{ boosts: [{}] }, "bad-config: recommenders.mine.boosts[0].by is missing."],
  [{ boosts: [{ by: 2 }] }, "bad-config: recommenders.mine.boosts[0].by must be an expression (a string)."],
  [{ pins: [{ item: "a", place: 0 }] }, "bad-config: recommenders.mine.pins[0].place must be at least 1, but is 0."],
  [
    { caps: [{ by: "gener", max: 1 }] },
    'bad-config: recommenders.mine.caps[0].by names "gener", but no item property has that name. Did you mean genre?',
  ],
  [{ exploration: { kind: "epsilon", epsilon: 1.5 } }, "bad-config: recommenders.mine.exploration.epsilon must be at most 1, but is 1.5."],
  [{ shares: [{ of: "price > 1", min: 0 }] }, "bad-config: recommenders.mine.shares[0].min must be above 0, but is 0."],
  [
    { sources: [{ kind: "custom", source: {} }] },
    'bad-config: recommenders.mine.sources[0] is of kind "custom", which is code. Define it in a configuration instead.',
  ],
])("%j is refused with its path", (spec, message) => {
  if (typeof message === "string") expect(problem(spec)).toBe(message);
  else expect(problem(spec)).toMatch(message);
});

test("an invalid expression is reported with its path and the position in it", () => {
  expect(problem({ boosts: [{ by: "if pirce < 10 then 1.2 else 1" }] })).toMatch(
    /^bad-expression: recommenders\.mine\.boosts\[0\]\.by: Line 1, column 4: .*pirce.*Did you mean price/,
  );
  expect(problem({ pins: [{ item: "a", place: 1, when: "price > 3" }] })).toMatch(/^bad-expression: recommenders\.mine\.pins\[0\]\.when: /);
});

test("configurations may contain code", () => {
  const source = { name: "mine", candidates: () => ({ items: new Uint32Array(0), scores: new Float32Array(0) }) };
  expect(problem({ sources: [{ kind: "custom", source }] }, true)).toBe("fine");
  expect(problem({ sources: [{ kind: "custom", source: { name: "mine" } }] }, true)).toBe(
    "bad-config: recommenders.mine.sources[0].source must have a `name` and a `candidates` method.",
  );
});
