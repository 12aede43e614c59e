import { expect, expectTypeOf, test } from "vitest";
import { boolean, choice, float, int, log, type OptionValues, parseOption, resolveOptions } from "./options.ts";

const specs = {
  factors: int(64, { min: 1, max: 1024 }),
  regularization: float(0.1, { min: 0, search: log(1e-4, 10) }),
  similarity: choice(["cosine", "bm25"]),
  bias: boolean(true),
};

test("option types are inferred from their specs", () => {
  expectTypeOf<OptionValues<typeof specs>>().toEqualTypeOf<{
    readonly factors: number;
    readonly regularization: number;
    readonly similarity: "cosine" | "bm25";
    readonly bias: boolean;
  }>();
});

test("omitted options take their defaults", () => {
  expect(resolveOptions("als", specs, { factors: 8 })).toEqual({ factors: 8, regularization: 0.1, similarity: "cosine", bias: true });
});

test("the error for an unknown option suggests similar ones and lists all", () => {
  expect(() => resolveOptions("als", specs, { factor: 8 })).toThrow(
    'als has no option "factor". Did you mean factors? Its options: factors, regularization, similarity, bias.',
  );
});

test.each([
  ["factors", 0, "between 1 and 1024"],
  ["factors", 1.5, "a whole number"],
  ["factors", "8", "a whole number"],
  ["regularization", Number.NaN, "a number"],
  ["similarity", "cosin", "one of cosine, bm25"],
  ["bias", 1, "true or false"],
])("%s = %s is refused", (name, value, wanted) => {
  expect(() => resolveOptions("als", specs, { [name]: value })).toThrow(`als.${name} must be ${wanted}`);
});

test("options are parsed from text according to their type", () => {
  expect(parseOption("factors", specs.factors, "128")).toBe(128);
  expect(parseOption("regularization", specs.regularization, "1e-3")).toBe(0.001);
  expect(parseOption("bias", specs.bias, "false")).toBe(false);
  expect(parseOption("similarity", specs.similarity, "bm25")).toBe("bm25");
  expect(() => parseOption("als.factors", specs.factors, "many")).toThrow('als.factors must be a whole number, not "many"');
  expect(() => parseOption("als.factors", specs.factors, "")).toThrow("als.factors must be");
  expect(() => parseOption("als.bias", specs.bias, "yes")).toThrow("als.bias must be true or false");
});
