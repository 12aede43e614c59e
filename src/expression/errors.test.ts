import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecoError } from "../util/errors.ts";
import { compile } from "./compile.ts";
import { mask } from "./evaluate.ts";

const properties = {
  price: "number",
  fresh: "boolean",
  published: "time",
  title: "text",
  category: "category",
  tags: "categories",
  location: "place",
  embedding: "vector",
} as const;

function messageOf(source: string, result: "boolean" | "number" = "boolean"): string {
  try {
    compile(source, { properties, user: { city: "category" }, result });
  } catch (error) {
    expect(error).toBeInstanceOf(RecoError);
    expect(error).toMatchObject({ code: "bad-expression" });
    return (error as RecoError).message;
  }
  throw new Error(`No error for ${source}.`);
}

describe("an expression error", () => {
  it("gives the position, shows it, and suggests similar names", () => {
    expect(messageOf("fresh and\n  pirce <= 20")).toBe(
      ['Line 2, column 3: there is no item property "pirce". Did you mean price?', "    pirce <= 20", "    ^^^^^"].join("\n"),
    );
  });

  it("shows a window of a long line", () => {
    const message = messageOf(`${"fresh or ".repeat(40)}nothing < 1`);
    const [, shown, marks] = message.split("\n");
    expect(shown.length).toBeLessThan(130);
    expect(shown.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1)).toBe("nothing");
  });

  it.each([
    ['price <= "a"', "expected a number, but this is text"],
    ["price < published", "Write age(time), or now() - days(7)"],
    ["published > 5", "expected a time, but this is a number. Write age(time)"],
    ['published > "yesterday"', "write a time as 2026-01-31"],
    ["price = null", "Use has(x) or not has(x)"],
    ['title != ""', "Use has(x) or not has(x)"],
    ['tags = "a"', "this is text"],
    ["tags = tags", "overlap(list, list) > 0"],
    ["location = location", "Use distance(place, place)"],
    ["embedding = embedding", "Use cosine(vector, vector)"],
    ["title < title", "compares numbers or times"],
    ["price", "this expression must return true or false, but this is a number"],
    ["price and fresh", '"and" needs conditions, but this is a number'],
    ["fresh + 1 > 0", '"+" needs numbers, but this is true or false'],
    ["price in 5", 'the right side of "in" must be a list'],
    ['tags in ["a"]', "Write overlap(list, list) > 0"],
    ['price in ["a"]', "this is a list"],
    ['category in ["a", 1]', "members of a list must have the same type"],
    ["price in [price]", "can contain only constants, parameters, and values of user and context"],
    ["price in [null]", "a list can't contain null"],
    ["fresh in [true]", "a list can contain only numbers or texts"],
    ["1 < price < 5", 'Write "1 < x and x < 5"'],
    ["price <= 5 AND fresh", "Operators are lowercase: and."],
    ["price <= 5 && fresh", 'Write "and".'],
    ["fresh ? 1 : 2", 'Write "if'],
    ["!fresh", 'Write "not"'],
    ["age(published) < 7days", "days(7)"],
    ["lowr(title) = 'a'", 'there is no function "lowr". Did you mean lower?'],
    ["lower() = 'a'", "lower(t) got 0 arguments"],
    ["min(price) > 1", "got 1 argument."],
    ["abs(title) > 1", "abs(a) needs a number, but this is text"],
    ["context", "Write context.name."],
    ["item.price > 1", 'only "user" and "context" have members'],
    ["user.", 'expected a name after "user."'],
    ['user.cty = "a"', 'no user property "cty". Did you mean city?'],
    ["(price > 1", 'expected ")"'],
    ["if fresh then true", 'expected "else"'],
    ["price > if fresh then 1 else 2", 'put an "if" inside an expression in parentheses'],
    ["price > 1 fresh", "expected the end of the expression"],
    ["", "expected a value, but found the end"],
    ["'a", "the text is not closed"],
    ["'\\x' = title", "after \\ write one of"],
    ["price > 1e999", "the number is too large"],
    ["price > #", 'unexpected "#"'],
    ["constructor = 1", 'no item property "constructor"'],
    ["__proto__ = 1", 'no item property "__proto__"'],
    ["toString(price) > 1", 'no function "toString"'],
  ])("for %s says what to do", (source, part) => {
    expect(messageOf(source)).toContain(part);
  });

  it.each([
    ["a long source", `price > 1${" ".repeat(4096)}`, "at most 4096 are allowed"],
    ["deep brackets", `${"(".repeat(1000)}1${")".repeat(1000)} > 0`, "nested more than"],
    ["a chain of not", `${"not ".repeat(900)}fresh`, "nested more than"],
    ["a chain of -", `${"-".repeat(4000)}1 > 0`, "nested more than"],
    ["a chain of if", `${"if fresh then 1 else ".repeat(190)}1 > 0`, "nested more than"],
    ["nested calls", `${"abs(".repeat(700)}1${")".repeat(700)} > 0`, "nested more than"],
    ["a long sum", `${"1+".repeat(1500)}1 > 0`, "more than 1000 parts"],
    ["a long list", `price in [${"1,".repeat(600)}1]`, "more than 500 members"],
    ["a long text", `title = "${"x".repeat(1001)}"`, "at most 1000 are allowed"],
  ])("refuses %s", (_, source, part) => {
    expect(messageOf(source)).toContain(part);
  });

  it("is the only possible result of hostile input", () => {
    const piece = fc.constantFrom(
      ..."( ) [ ] , . + - * / % < <= = != and or not in if then else true null price title tags published user.city context.x $p 1 'a' \"b\" ` \\ days( has( min( overlap( \u0000 \ud800 é".split(
        " ",
      ),
    );
    const soup = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(" "));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: "binary", maxLength: 200 })), fc.constantFrom("boolean", "number"), (source, result) => {
        let expression: ReturnType<typeof compile>;
        try {
          expression = compile(source, { properties, open: true, result: result as "boolean" });
        } catch (error) {
          if (error instanceof RecoError && error.code === "bad-expression") return;
          throw error;
        }
        // Anything that compiles can be evaluated.
        if (expression.result === "boolean") mask(expression, {}, 3, { now: 0, parameters: { p: null } }, new Uint8Array(3));
      }),
      { numRuns: 3000 },
    );
  });
});
