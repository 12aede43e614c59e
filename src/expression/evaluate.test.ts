import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "./compile.ts";
import { mask, numbers, test } from "./evaluate.ts";
import { parse } from "./parse.ts";
import type { Scope } from "./scope.ts";
import { columnsOf, type Item, interpret, properties, type Value } from "./testing/interpreter.ts";

const words = ["a", "b", "c", "ab", "Ab c"] as const;

const word = fc.constantFrom(...words);
const distinctWords = fc.uniqueArray(word, { maxLength: 3 });
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4 });
const smallNumber = fc.constantFrom(-2, -1, -0.5, 0, 0.25, 1, 2, 3, 10);
const anyItem: fc.Arbitrary<Item> = fc.record({
  price: orNull(smallNumber),
  stock: orNull(smallNumber),
  fresh: orNull(fc.boolean()),
  published: orNull(fc.constantFrom(0, 86_400_000, 2 * 86_400_000)),
  title: orNull(word),
  category: orNull(word),
  brand: orNull(word),
  tags: distinctWords,
  moods: distinctWords,
  location: orNull(fc.tuple(fc.integer({ min: -90, max: 90 }), fc.integer({ min: -180, max: 180 }))),
  embedding: orNull(fc.tuple(smallNumber, smallNumber, smallNumber)),
});

const anyScope: fc.Arbitrary<Scope> = fc.record({
  now: fc.constantFrom(86_400_000, 3 * 86_400_000),
  user: fc.record({ age: orNull(smallNumber), city: orNull(word), likes: distinctWords, home: fc.constant([52.5, 13.4]) }),
  context: fc.record({ mobile: orNull(fc.boolean()), device: orNull(word) }),
  parameters: fc.record({ max: orNull(smallNumber), q: orNull(word), from: fc.constant([1, 0, 2]) }),
});

/** Random sources, by type. */
const grammar = fc.letrec<{ number: string; condition: string; text: string; list: string; time: string; place: string; vector: string }>(
  (tie) => {
    const quoted = word.map((text) => JSON.stringify(text));
    const constants = fc.uniqueArray(quoted, { maxLength: 3 }).map((texts) => `[${texts.join(", ")}]`);
    const operators = (left: fc.Arbitrary<string>, names: readonly string[], right: fc.Arbitrary<string>) =>
      fc.tuple(left, fc.constantFrom(...names), right).map(([a, operator, b]) => `(${a} ${operator} ${b})`);
    const calls = (names: readonly string[], ...values: fc.Arbitrary<string>[]) =>
      fc.tuple(fc.constantFrom(...names), ...values).map(([name, ...texts]) => `${name}(${texts.join(", ")})`);
    const choice = (value: fc.Arbitrary<string>) =>
      fc.tuple(tie("condition"), value, value).map(([condition, then, otherwise]) => `(if ${condition} then ${then} else ${otherwise})`);
    const [number, condition, text, list, time] = (["number", "condition", "text", "list", "time"] as const).map((name) => tie(name));
    return {
      number: fc.oneof(
        { maxDepth: 4, depthSize: "small" },
        fc.constantFrom("price", "stock", "user.age", "$max", "0", "1", "2.5", "-1"),
        operators(number, ["+", "-", "*", "/", "%"], number),
        number.map((value) => `-${value}`),
        choice(number),
        calls(["min", "max", "coalesce"], number, number),
        calls(["abs", "floor", "ceil", "round", "log", "exp", "sqrt", "days", "hours"], number),
        calls(["age"], time),
        calls(["count"], list),
        calls(["overlap"], list, list),
        // Rounded, away from the halves, because the interpreter computes the same number differently.
        calls(["distance"], tie("place"), tie("place")).map((value) => `round(${value} + 0.377)`),
        calls(["cosine"], tie("vector"), tie("vector")).map((value) => `round(${value} * 1000 + 0.377)`),
      ),
      condition: fc.oneof(
        { maxDepth: 4, depthSize: "small" },
        fc.constantFrom("fresh", "context.mobile", "true", "false"),
        operators(number, ["<", "<=", ">", ">=", "=", "!=", "=="], number),
        operators(condition, ["and", "or", "=", "!="], condition),
        operators(text, ["=", "!="], text),
        operators(time, ["<", ">=", "=", "!="], time),
        operators(text, ["in", "not in"], list),
        operators(number, ["in", "not in"], fc.constantFrom("[0, 1, 2.5]", "[$max, -1]")),
        condition.map((value) => `(not ${value})`),
        choice(condition),
        calls(["contains", "starts_with"], text, text),
        calls(["has"], fc.oneof(number, condition, text, list, time, tie("place"), tie("vector"))),
        calls(["coalesce"], condition, condition),
      ),
      text: fc.oneof(
        { maxDepth: 3, depthSize: "small" },
        fc.constantFrom("title", "category", "brand", "user.city", "$q", "context.device"),
        quoted,
        calls(["lower"], text),
        calls(["coalesce"], text, text),
        choice(text),
      ),
      list: fc.oneof(fc.constantFrom("tags", "moods", "user.likes", "[$q, user.city]", "[context.device]"), constants),
      time: fc.oneof(
        { maxDepth: 3, depthSize: "small" },
        fc.constantFrom("published", "now()"),
        operators(time, ["-", "+"], fc.constantFrom("days(1)", "hours($max)")),
        calls(["coalesce"], time, time),
      ),
      place: fc.oneof(fc.constantFrom("location", "place(48.1, 11.6)", "place($max, price)", "user.home")),
      vector: fc.oneof(fc.constantFrom("embedding", "[1, 2, 0.5]", "$from", "[1, 2]")),
    };
  },
);

const schema = {
  properties,
  user: { age: "number", city: "category", likes: "categories", home: "place" },
  parameters: { max: "number", q: "text", from: "vector" },
} as const;

const asNumber = (value: Value) => (value === null ? Number.NaN : Number(value));

describe("evaluation over columns", () => {
  it("matches a slow interpreter for each item, for random numbers", () => {
    fc.assert(
      fc.property(grammar.number, fc.array(anyItem, { minLength: 1, maxLength: 8 }), anyScope, (source, items, scope) => {
        const expression = compile(source, { ...schema, result: "number" });
        const order = Uint32Array.from(items, (_, i) => items.length - 1 - i);
        const out = new Float64Array(items.length);
        numbers(expression, columnsOf(items), order, scope, out);
        const tree = parse(source);
        order.forEach((item, at) => {
          // Equal, except for the sign of 0.
          expect(out[at] + 0).toBe(asNumber(interpret(tree, items[item], scope)) + 0);
        });
      }),
      { numRuns: 1500 },
    );
  });

  it("keeps the items for which a slow interpreter returns true, for random conditions", () => {
    fc.assert(
      fc.property(
        grammar.condition,
        fc.array(anyItem, { minLength: 1, maxLength: 8 }),
        anyScope,
        fc.infiniteStream(fc.boolean()),
        (source, items, scope, before) => {
          const expression = compile(source, { ...schema, result: "boolean" });
          const columns = columnsOf(items);
          const wanted = items.map((item) => Number(interpret(parse(source), item, scope) === true));
          const out = new Uint8Array(items.length).fill(7);
          mask(expression, columns, items.length, scope, out);
          expect([...out]).toEqual(wanted);
          const allowed = Uint8Array.from(items, () => Number(before.next().value));
          const narrowed = allowed.slice();
          mask(expression, columns, items.length, scope, narrowed, { and: true });
          expect([...narrowed]).toEqual(wanted.map((value, i) => value * allowed[i]));
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe("a condition on the request", () => {
  it("is tested without items", () => {
    const expression = compile('context.country = "DE" and user.age >= 18', { properties: {}, result: "boolean" });
    expect(test(expression, { now: 0, context: { country: "DE" }, user: { age: 18 } })).toBe(true);
    expect(test(expression, { now: 0, context: { country: "DE" } })).toBe(false);
  });

  it("can't read items", () => {
    const expression = compile("price < 3", { ...schema, result: "boolean" });
    expect(() => test(expression, { now: 0 })).toThrow("no item is available here");
  });
});
