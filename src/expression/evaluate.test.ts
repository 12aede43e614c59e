import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FeatureTable, MISSING } from "../data/features.ts";
import { compile } from "./compile.ts";
import { mask, numbers, test } from "./evaluate.ts";
import { parse } from "./parse.ts";
import type { Scope } from "./scope.ts";
import type { Syntax } from "./syntax.ts";

/** An item as an object, null where it lacks a property: what columns are made from, and what the slow interpreter reads. */
interface Item {
  readonly price: number | null;
  readonly stock: number | null;
  readonly fresh: boolean | null;
  readonly published: number | null;
  readonly title: string | null;
  readonly category: string | null;
  readonly brand: string | null;
  readonly tags: readonly string[];
  readonly moods: readonly string[];
  readonly location: readonly number[] | null;
  readonly embedding: readonly number[] | null;
}

const properties = {
  price: "number",
  stock: "number",
  fresh: "boolean",
  published: "time",
  title: "text",
  category: "category",
  brand: "category",
  tags: "categories",
  moods: "categories",
  location: "place",
  embedding: "vector",
} as const;

const words = ["a", "b", "c", "ab", "Ab c"] as const;

function columnsOf(items: readonly Item[]): FeatureTable {
  const floats = (of: (item: Item) => number | null) => Float64Array.from(items, (item) => of(item) ?? Number.NaN);
  // Room for more items than there are, as in a catalogue.
  const room = (values: Float64Array) => Float64Array.from([...values, 1, 2]);
  const names: string[] = ["never used"];
  const code = (name: string) => (names.includes(name) ? names.indexOf(name) : names.push(name) - 1);
  const categories = (of: (item: Item) => readonly string[]) => {
    const own: string[] = [];
    const codes = items.flatMap((item) => of(item).map((name) => (own.includes(name) ? own.indexOf(name) : own.push(name) - 1)));
    let end = 0;
    const offsets = Uint32Array.from([0, ...items.map((item) => (end += of(item).length))]);
    return { type: "categories" as const, offsets, codes: Uint32Array.from(codes), names: own };
  };
  return {
    price: { type: "number", values: room(floats((item) => item.price)) },
    stock: { type: "number", values: floats((item) => item.stock) },
    fresh: { type: "number", values: floats((item) => (item.fresh === null ? null : Number(item.fresh))) },
    published: { type: "time", values: floats((item) => item.published) },
    title: { type: "text", values: items.map((item) => item.title ?? "") },
    category: { type: "category", codes: Uint32Array.from(items, ({ category }) => (category === null ? MISSING : code(category))), names },
    brand: { type: "category", codes: Uint32Array.from(items, ({ brand }) => (brand === null ? MISSING : code(brand))), names },
    tags: categories((item) => item.tags),
    moods: categories((item) => item.moods),
    location: {
      type: "place",
      latitude: floats((item) => item.location?.[0] ?? null),
      longitude: floats((item) => item.location?.[1] ?? null),
    },
    embedding: {
      type: "vector",
      dimensions: 3,
      values: Float32Array.from(items.flatMap((item) => item.embedding ?? [Number.NaN, Number.NaN, Number.NaN])),
    },
  };
}

type Value = number | string | boolean | null | readonly Value[];

const numeric: Readonly<Record<string, (values: readonly number[]) => number>> = {
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  abs: ([x]) => Math.abs(x),
  floor: ([x]) => Math.floor(x),
  ceil: ([x]) => Math.ceil(x),
  round: ([x]) => Math.round(x),
  log: ([x]) => Math.log(x),
  exp: ([x]) => Math.exp(x),
  sqrt: ([x]) => Math.sqrt(x),
  days: ([x]) => x * 86_400_000,
  hours: ([x]) => x * 3_600_000,
  "+": ([x, y]) => x + y,
  "-": ([x, y]) => x - y,
  "*": ([x, y]) => x * y,
  "/": ([x, y]) => x / y,
  "%": ([x, y]) => x % y,
  negate: ([x]) => -x,
};

/** The language as its page describes it, on the untyped tree, one item at a time. */
function interpret(node: Syntax, item: Item, scope: Scope): Value {
  const of = (part: Syntax) => interpret(part, item, scope);
  const list = (part: Syntax) => (of(part) ?? []) as readonly Value[];
  const compute = (name: string, parts: readonly Syntax[]) => {
    const values = parts.map(of);
    if (values.includes(null)) return null;
    const value = numeric[name](values as number[]);
    return Number.isFinite(value) ? value : null;
  };
  switch (node.kind) {
    case "constant":
      return node.value === "" ? null : node.value;
    case "property":
      return item[node.name as keyof Item];
    case "scoped":
      return scope[node.root === "parameter" ? "parameters" : node.root]?.[node.name] ?? null;
    case "list":
      return node.items.map(of).filter((value) => value !== null);
    case "not": {
      const value = of(node.operand);
      return value === null ? null : !value;
    }
    case "negate":
      return compute("negate", [node.operand]);
    case "and": {
      const values = [of(node.left), of(node.right)];
      return values.includes(false) ? false : values.includes(null) ? null : true;
    }
    case "or": {
      const values = [of(node.left), of(node.right)];
      return values.includes(true) ? true : values.includes(null) ? null : false;
    }
    case "compare": {
      const left = of(node.left);
      const right = of(node.right);
      if (left === null || right === null) return null;
      if (node.operator === "=") return left === right;
      if (node.operator === "!=") return left !== right;
      if (node.operator === "<") return left < right;
      if (node.operator === "<=") return left <= right;
      return node.operator === ">" ? left > right : left >= right;
    }
    case "in": {
      const value = of(node.left);
      return value === null ? null : list(node.right).includes(value) !== node.negated;
    }
    case "arithmetic":
      return compute(node.operator, [node.left, node.right]);
    case "if":
      return of(node.condition) === true ? of(node.consequence) : of(node.otherwise);
    case "call": {
      const [first, second] = node.arguments;
      switch (node.name) {
        case "has": {
          const value = of(first);
          return value !== null && !(Array.isArray(value) && value.length === 0);
        }
        case "coalesce":
          return node.arguments.map(of).find((value) => value !== null) ?? null;
        case "count":
          return new Set(list(first)).size;
        case "overlap":
          return new Set(list(first).filter((name) => list(second).includes(name))).size;
        case "lower": {
          const text = of(first) as string | null;
          return text === null ? null : text.toLowerCase();
        }
        case "contains":
        case "starts_with": {
          const text = of(first) as string | null;
          const part = of(second) as string | null;
          if (text === null || part === null) return null;
          return node.name === "contains" ? text.split(part).length > 1 : text.slice(0, part.length) === part;
        }
        case "now":
          return scope.now;
        case "age": {
          const time = of(first) as number | null;
          return time === null ? null : scope.now - time;
        }
        case "place": {
          const [latitude, longitude] = node.arguments.map(of) as (number | null)[];
          if (latitude === null || longitude === null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
          return [latitude, longitude];
        }
        case "distance": {
          const [a, b] = node.arguments.map(of) as (number[] | null)[];
          if (a === null || b === null) return null;
          // By the angle between two unit vectors, another way than the haversine formula.
          const [u, v] = [a, b].map(([latitude, longitude]) => {
            const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
            return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
          });
          const cross = Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]);
          return 6371.0088 * Math.atan2(cross, u[0] * v[0] + u[1] * v[1] + u[2] * v[2]);
        }
        case "cosine": {
          const [a, b] = node.arguments.map(of) as (number[] | null)[];
          if (a === null || b === null || a.length !== b.length) return null;
          const value = a.reduce((sum, x, d) => sum + x * b[d], 0) / (Math.hypot(...a) * Math.hypot(...b));
          return Number.isNaN(value) ? null : value;
        }
        default:
          return compute(node.name, node.arguments);
      }
    }
  }
}

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

/** Random sources, by the type they have. */
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
        // Rounded, off the halves, since the interpreter takes another way to the same number.
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
  it("gives what a slow interpreter gives for each item, for random numbers", () => {
    fc.assert(
      fc.property(grammar.number, fc.array(anyItem, { minLength: 1, maxLength: 8 }), anyScope, (source, items, scope) => {
        const expression = compile(source, { ...schema, result: "number" });
        const order = Uint32Array.from(items, (_, i) => items.length - 1 - i);
        const out = new Float64Array(items.length);
        numbers(expression, columnsOf(items), order, scope, out);
        const tree = parse(source);
        order.forEach((item, at) => {
          // Equal, but for the sign of 0.
          expect(out[at] + 0).toBe(asNumber(interpret(tree, items[item], scope)) + 0);
        });
      }),
      { numRuns: 1500 },
    );
  });

  it("keeps the items for which a slow interpreter says true, for random conditions", () => {
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

  it("refuses to look at items", () => {
    const expression = compile("price < 3", { ...schema, result: "boolean" });
    expect(() => test(expression, { now: 0 })).toThrow("there is no item here");
  });
});
