import fc from "fast-check";
import { Compile } from "typebox/compile";
import { describe, expect, test } from "vitest";
import { checkEntities, entityFlaw, ItemInput, UserInput } from "./entities.ts";

const text = fc.oneof(
  { arbitrary: fc.string({ unit: "binary", maxLength: 20 }), weight: 6 },
  fc.constantFrom("x".repeat(1024), "x".repeat(1025), "a\u0000b", "\ud800", "line\nbreak"),
);
const value = fc.oneof(
  text,
  fc.double(),
  fc.boolean(),
  fc.constantFrom<unknown>(
    null,
    {},
    "x".repeat(65_536),
    "x".repeat(65_537),
    Array(1001).fill("x"),
    Array(1001).fill(1),
    Array(4097).fill(1),
  ),
  fc.array(text, { maxLength: 3 }),
  fc.array(fc.double(), { maxLength: 3 }),
  fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }),
);
const name = fc.oneof(
  { arbitrary: fc.string({ minLength: 1, maxLength: 10 }), weight: 8 },
  fc.constantFrom("", "constructor", "prototype", "x".repeat(64), "x".repeat(65), "\n"),
);
const properties = fc.oneof(
  { arbitrary: fc.dictionary(name, value, { maxKeys: 3 }), weight: 8 },
  fc.dictionary(fc.string({ minLength: 1 }), fc.boolean(), { minKeys: 250, maxKeys: 260 }),
  fc.constantFrom<unknown>(JSON.parse('{"__proto__":1}'), [], "x"),
);
const id = fc.oneof(
  { arbitrary: fc.string({ minLength: 1, maxLength: 10 }), weight: 8 },
  fc.constantFrom<unknown>("", 7, "\t", "x".repeat(513), ".", "..", "..."),
);
const expires = fc.constantFrom<unknown>(1_900_000_000_000, "2030-01-01T00:00:00Z", 1000, "soon", null);
const entity = fc.oneof(
  {
    arbitrary: fc.record({ id, properties, hidden: fc.constantFrom<unknown>(true, false, "yes"), expires }, { requiredKeys: ["id"] }),
    weight: 8,
  },
  { arbitrary: fc.record({ id, properties }), weight: 8 },
  fc.record({ id, property: properties }),
  fc.jsonValue({ maxDepth: 1 }),
);

describe.each([["item", ItemInput] as const, ["user", UserInput] as const])("of %ss", (kind, schema) => {
  test("the check and the schema agree", () => {
    const compiled = Compile(schema);
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(entity, (made) => {
        const flaw = entityFlaw(kind, made);
        expect(flaw === undefined, flaw?.message ?? "fits by the check").toBe(compiled.Check(made));
        seen.add(flaw === undefined);
      }),
      { numRuns: 1000 },
    );
    expect(seen.size, "both kinds were tried").toBe(2);
  });
});

test.each<[object, string]>([
  [
    { id: "a", properties: { size: [1, "x"] } },
    'The item "a" is invalid: properties.size must be a list of text or of numbers, but has 1 in it.',
  ],
  [{ id: "a", propertys: {} }, 'The item "a" is invalid: Unknown field "propertys". Did you mean properties?'],
  [{ id: "a", expires: 1_900_000_000 }, "expires is 1900000000, before 1990-01-01."],
  [{ id: "a", expires: "2030-19-01T00:00:00Z" }, "expires is a date that does not exist."],
  [{ id: "" }, "Number 1 of the items is invalid: id is empty."],
])("of %j it says what is wrong", (made, message) => {
  expect(() => checkEntities("item", [{ id: "good" }, made])).toThrowError(message);
});
