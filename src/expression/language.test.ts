import { describe, expect, it } from "vitest";
import { type FeatureTable, MISSING } from "../data/features.ts";
import { compile } from "./compile.ts";
import { mask, numbers } from "./evaluate.ts";
import type { Scope } from "./scope.ts";

const DAY = 86_400_000;
const now = Date.parse("2026-03-10T12:00:00Z");

/** Three items: one with every property, one with different values, one with none. */
const names = ["books", "films"];
const columns: FeatureTable = {
  price: { type: "number", values: Float64Array.of(10, 30, Number.NaN) },
  fresh: { type: "number", values: Float64Array.of(1, 0, Number.NaN) },
  published: { type: "time", values: Float64Array.of(now - 2 * DAY, Date.parse("2025-12-31"), Number.NaN) },
  title: { type: "text", values: ["The Long Night", "Äpfel", ""] },
  category: { type: "category", codes: Uint32Array.of(0, 1, MISSING), names },
  tags: { type: "categories", offsets: Uint32Array.of(0, 2, 3, 3), codes: Uint32Array.of(0, 1, 2), names: ["dark", "long", "sweet"] },
  location: { type: "place", latitude: Float64Array.of(52.52, 48.14, Number.NaN), longitude: Float64Array.of(13.405, 11.58, Number.NaN) },
  embedding: { type: "vector", dimensions: 2, values: Float32Array.of(1, 0, 3, 4, Number.NaN, Number.NaN) },
  "release-date": { type: "time", values: Float64Array.of(0, 1, 2) },
};
const properties = {
  price: "number",
  fresh: "boolean",
  published: "time",
  title: "text",
  category: "category",
  tags: "categories",
  location: "place",
  embedding: "vector",
  "release-date": "time",
  unseen: "number",
} as const;

function kept(source: string, scope: Partial<Scope> = {}): number[] {
  const out = new Uint8Array(3);
  mask(compile(source, { properties, open: true, result: "boolean" }), columns, 3, { now, ...scope }, out);
  return [...out];
}

function values(source: string, scope: Partial<Scope> = {}): number[] {
  const out = new Float64Array(3);
  numbers(compile(source, { properties, result: "number" }), columns, Uint32Array.of(0, 1, 2), { now, ...scope }, out);
  return [...out];
}

const none = Number.NaN;

describe("a filter", () => {
  it.each<[string, number[]]>([
    ["price <= 10", [1, 0, 0]],
    ["not (price <= 10)", [0, 1, 0]],
    ["not has(price) or price <= 10", [1, 0, 1]],
    ["coalesce(price, 0) < 20", [1, 0, 1]],
    ["fresh", [1, 0, 0]],
    ["not fresh", [0, 1, 0]],
    ["fresh = false", [0, 1, 0]],
    ['category = "films"', [0, 1, 0]],
    ['category != "films"', [1, 0, 0]],
    ['"films" == category', [0, 1, 0]],
    ['category = "music"', [0, 0, 0]],
    ['category != "music"', [1, 1, 0]],
    ["category in ['books', 'music']", [1, 0, 0]],
    ["category not in ['books', 'music']", [0, 1, 0]],
    ['"dark" in tags', [1, 0, 0]],
    ['"dark" not in tags', [0, 1, 1]],
    ["overlap(tags, ['long', 'sweet']) > 0", [1, 1, 0]],
    ["count(tags) = 0", [0, 0, 1]],
    ["price in [10, 20]", [1, 0, 0]],
    ["age(published) < days(7)", [1, 0, 0]],
    ["published > now() - days(7)", [1, 0, 0]],
    ['published >= "2026-01-01"', [1, 0, 0]],
    ['published = "2025-12-31T00:00"', [0, 1, 0]],
    ['published = "2025-12-31T01:00+01:00"', [0, 1, 0]],
    ['contains(lower(title), "äpf")', [0, 1, 0]],
    ['starts_with(title, "The ")', [1, 0, 0]],
    ["distance(location, place(52.5, 13.4)) < 5", [1, 0, 0]],
    ["cosine(embedding, [0, 1]) > 0.5", [0, 1, 0]],
    ["`release-date` < now()", [1, 1, 1]],
    ["has(unseen)", [0, 0, 0]],
    ["not has(nobody_knows_this) and price < 20", [1, 0, 0]],
    ["price < 20 and unseen < 3", [0, 0, 0]],
    ["price < 20 or unseen < 3", [1, 0, 0]],
    ["has(location) and has(embedding) and has(tags) and has(title)", [1, 1, 0]],
    ["true", [1, 1, 1]],
    ["null", [0, 0, 0]],
    ["if fresh then true else false", [1, 0, 0]],
    ["not price < 20 and true", [0, 1, 0]],
  ])("%s", (source, wanted) => {
    expect(kept(source)).toEqual(wanted);
  });

  it("reads parameters, user and context", () => {
    expect(kept("price <= $max", { parameters: { max: 20 } })).toEqual([1, 0, 0]);
    expect(kept("category in $allowed", { parameters: { allowed: ["films"] } })).toEqual([0, 1, 0]);
    expect(kept("category in $allowed", { parameters: { allowed: "films" } })).toEqual([0, 1, 0]);
    expect(kept("$tag in tags", { parameters: { tag: "sweet" } })).toEqual([0, 1, 0]);
    expect(kept("published > $since", { parameters: { since: "2026-01-01" } })).toEqual([1, 0, 0]);
    expect(kept("published > $since", { parameters: { since: now - 3 * DAY } })).toEqual([1, 0, 0]);
    expect(kept("distance(location, user.home) < 20", { user: { home: [48.1, 11.6] } })).toEqual([0, 1, 0]);
    expect(kept("category not in user.disliked", { user: { disliked: ["films"] } })).toEqual([1, 0, 0]);
    expect(kept("category not in user.disliked")).toEqual([1, 1, 0]);
    expect(kept("context.country = $home and fresh", { context: { country: "DE" }, parameters: { home: "DE" } })).toEqual([1, 0, 0]);
    expect(kept("$only_fresh and fresh", { parameters: { only_fresh: true } })).toEqual([1, 0, 0]);
  });

  it("requires its parameters, except those it guards", () => {
    expect(() => kept("price <= $max")).toThrow("The parameter $max");
    expect(kept("price <= $max", { parameters: { max: null } })).toEqual([0, 0, 0]);
    expect(kept("not has($max) or price <= $max")).toEqual([1, 1, 1]);
    expect(kept("price <= coalesce($max, 20)")).toEqual([1, 0, 0]);
    expect(compile("price <= $max and not has($q)", { properties, result: "boolean" })).toMatchObject({
      parameters: ["max", "q"],
      required: ["max"],
    });
  });

  it("rejects parameters of the wrong type, and treats such values of user and context as missing", () => {
    expect(() => kept("price <= $max", { parameters: { max: "20" } })).toThrow("The parameter $max must be a number.");
    expect(() => kept("price <= $max", { parameters: { max: Number.POSITIVE_INFINITY } })).toThrow("must be a number");
    expect(() => kept("title = $q", { parameters: { q: "x".repeat(1001) } })).toThrow("1000 are allowed");
    expect(() => kept("price in $list", { parameters: { list: new Array(1001).fill(1) } })).toThrow("1000 are allowed");
    expect(() => kept("distance(location, $here) < 3", { parameters: { here: [1, 2, 3] } })).toThrow("[latitude, longitude]");
    expect(kept("price <= context.max", { context: { max: "20" } })).toEqual([0, 0, 0]);
  });

  it("sees names that were added after it was compiled and evaluated", () => {
    const growing = [...names];
    const codes = Uint32Array.of(0, 1, MISSING);
    const table: FeatureTable = { category: { type: "category", codes, names: growing } };
    const expression = compile('category in ["music", "books"]', { properties, result: "boolean" });
    const out = new Uint8Array(3);
    mask(expression, table, 3, { now }, out);
    expect([...out]).toEqual([1, 0, 0]);
    growing.push("music");
    codes[2] = 2;
    mask(expression, table, 3, { now }, out);
    expect([...out]).toEqual([1, 0, 1]);
  });

  it("handles more items than fit in a block", () => {
    const size = 5000;
    const table: FeatureTable = { price: { type: "number", values: Float64Array.from({ length: size }, (_, i) => i) } };
    const out = new Uint8Array(size);
    mask(compile("price % 7 = 3", { properties, result: "boolean" }), table, size, { now }, out);
    expect([...out]).toEqual(Array.from({ length: size }, (_, i) => Number(i % 7 === 3)));
    const items = Uint32Array.from({ length: size }, (_, i) => size - 1 - i);
    const doubled = new Float64Array(size);
    numbers(compile("price * 2", { properties, result: "number" }), table, items, { now }, doubled);
    expect([...doubled]).toEqual([...items].map((item) => 2 * item));
  });

  it("reports when a property has changed its type", () => {
    const expression = compile("unseen > 3", { properties, result: "boolean" });
    const table: FeatureTable = { unseen: { type: "text", values: ["a"] } };
    expect(() => mask(expression, table, 1, { now }, new Uint8Array(1))).toThrow("Compile it again");
  });
});

describe("a number", () => {
  it.each<[string, number[]]>([
    ["if fresh then 1.2 else 1", [1.2, 1, 1]],
    ["1 + 2 * 3 - 4 / 2", [5, 5, 5]],
    ["-price + -(-1)", [-9, -29, none]],
    ["7 % 4 * 2", [6, 6, 6]],
    ["(1 + 2) * 3", [9, 9, 9]],
    ["price / (price - 10)", [none, 1.5, none]],
    ["log(0)", [none, none, none]],
    ["sqrt(-1)", [none, none, none]],
    ["round(-2.5) + round(2.5)", [1, 1, 1]],
    ["min(price, 20, 15)", [10, 15, none]],
    ["max(coalesce(price, 5), 20)", [20, 30, 20]],
    ["age(published) / days(1)", [2, 69.5, none]],
    ["(now() - published) / hours(24)", [2, 69.5, none]],
    ["overlap(tags, ['dark', 'long', 'dark'])", [2, 0, 0]],
    ["cosine(embedding, [1, 0])", [1, 0.6, none]],
    ['if category = "books" then 2 else if category = "films" then 3 else 4', [2, 3, 4]],
    ["exp(1000)", [none, none, none]],
  ])("%s", (source, wanted) => {
    values(source).forEach((value, i) => {
      if (Number.isNaN(wanted[i])) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(wanted[i], 12);
    });
  });

  it("of kilometers matches known distances", () => {
    // Berlin to Munich is 504 km; a quarter of a meridian is 10,007.5 km on a sphere of this radius.
    const [, munich] = values("distance(location, place(52.52, 13.405))");
    expect(munich).toBeGreaterThan(503);
    expect(munich).toBeLessThan(505);
    expect(values("distance(place(0, 0), place(90, 0))")[0]).toBeCloseTo(10_007.557, 2);
    expect(values("distance(place(0, 179.5), place(0, -179.5))")[0]).toBeCloseTo(111.195, 2);
  });
});

describe("a compiled expression", () => {
  it("lists what it reads", () => {
    expect(compile('price <= $max and category in ["a"] and price > 1', { properties, result: "boolean" })).toMatchObject({
      reads: ["category", "price"],
      parameters: ["max"],
      dependsOnRequest: true,
      dependsOnTime: false,
    });
    expect(compile("if age(published) < days(7) then 1.2 else 1", { properties, result: "number" })).toMatchObject({
      reads: ["published"],
      dependsOnRequest: false,
      dependsOnTime: true,
    });
  });

  it("is plain data", () => {
    const expression = compile("price <= $max", { properties, result: "boolean" });
    const copy = structuredClone(expression);
    const out = new Uint8Array(3);
    mask(copy, columns, 3, { now, parameters: { max: 20 } }, out);
    expect([...out]).toEqual([1, 0, 0]);
  });
});
