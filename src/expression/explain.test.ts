import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FeatureTable, MISSING } from "../data/features.ts";
import { compile } from "./compile.ts";
import { mask } from "./evaluate.ts";
import { explain } from "./explain.ts";

const columns: FeatureTable = {
  price: { type: "number", values: Float64Array.of(30, 10, Number.NaN) },
  list_price: { type: "number", values: Float64Array.of(25, 10, 5) },
  fresh: { type: "number", values: Float64Array.of(0, 1, Number.NaN) },
  published: { type: "time", values: Float64Array.of(0, 86_400_000, Number.NaN) },
  category: { type: "category", codes: Uint32Array.of(1, 0, MISSING), names: ["a", "c"] },
  tags: { type: "categories", offsets: Uint32Array.of(0, 2, 3, 3), codes: Uint32Array.of(0, 1, 1), names: ["x", "y"] },
};
const properties = {
  price: "number",
  list_price: "number",
  fresh: "boolean",
  published: "time",
  category: "category",
  tags: "categories",
} as const;

function why(source: string, item: number): string[] {
  return explain(compile(source, { properties, result: "boolean" }), columns, item, { now: 0, parameters: { max: 20, tags: ["q", "r"] } });
}

describe("explain", () => {
  it.each<[string, number, string[]]>([
    ["price <= 20", 0, ["price is 30, and must be <= 20"]],
    ["price <= 20", 1, []],
    ["price <= 20", 2, ["price is unknown, and must be <= 20"]],
    ["price <= $max", 0, ["price is 30, and must be <= $max (20)"]],
    ["20 >= price", 0, ["price is 30, and must be <= 20"]],
    ["price <= list_price", 0, ["price is 30, and must be <= list_price (25)"]],
    ['price <= 20 and category in ["a", "b"]', 0, ["price is 30, and must be <= 20", 'category is "c", and must be in ["a", "b"]']],
    ['price <= 50 and category in ["a", "b"]', 0, ['category is "c", and must be in ["a", "b"]']],
    ['price <= 20 or category = "a"', 0, ['price is 30, and must be <= 20, or category is "c", and must be = "a"']],
    ["not (price > 20)", 0, ["price is 30, and must be <= 20"]],
    ["not (price > 20 or fresh)", 0, ["price is 30, and must be <= 20"]],
    ["fresh", 0, ["fresh is false, and must be true"]],
    ["fresh", 2, ["fresh is unknown, and must be true"]],
    ["not fresh", 1, ["fresh is true, and must be false"]],
    ['"y" not in tags', 0, ['tags is ["x","y"], and must not contain "y"']],
    ['category not in ["c"]', 0, ['category is "c", and must not be in ["c"]']],
    ['"z" in tags', 2, ['tags is [], and must contain "z"']],
    ["has(price)", 2, ["has(price) is false, and must be true"]],
    ["overlap(tags, $tags) > 0", 0, ["overlap(tags, $tags) is 0, and must be > 0"]],
    ['published < "1970-01-01T12:00"', 1, ["published is 1970-01-02T00:00:00.000Z, and must be < 1970-01-01T12:00:00.000Z"]],
    ["(price + 1) * 2 < 50", 0, ["(price + 1) * 2 is 62, and must be < 50"]],
  ])("%s for item %i", (source, item, wanted) => {
    expect(why(source, item)).toEqual(wanted);
  });

  it("is empty exactly when the filter is true", () => {
    const leaf = fc.constantFrom("price <= 20", "fresh", 'category = "a"', '"x" in tags', "list_price > price", "has(price)", "null");
    const condition = fc.letrec<{ any: string }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.tuple(tie("any"), fc.constantFrom("and", "or"), tie("any")).map(([a, operator, b]) => `(${a} ${operator} ${b})`),
        tie("any").map((inner) => `not ${inner}`),
      ),
    })).any;
    fc.assert(
      fc.property(condition, (source) => {
        const out = new Uint8Array(3);
        const expression = compile(source, { properties, result: "boolean" });
        mask(expression, columns, 3, { now: 0 }, out);
        for (let item = 0; item < 3; item++) expect(explain(expression, columns, item, { now: 0 }).length === 0).toBe(out[item] === 1);
      }),
      { numRuns: 300 },
    );
  });
});
