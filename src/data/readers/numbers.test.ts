import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNumber, parseNumberText } from "./numbers.ts";

const parse = (text: string) => {
  const bytes = new TextEncoder().encode(`x${text}y`);
  return parseNumber(bytes, 1, bytes.length - 1);
};

describe("parseNumber", () => {
  it("rounds like JavaScript, for any number of digits and any exponent", () => {
    const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
    const decimal = fc
      .tuple(fc.constantFrom("", "-", "+"), fc.stringMatching(/^\d{1,18}$/), fc.stringMatching(/^(\.\d{0,18})?$/))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(double, decimal), (text) => {
        expect(parse(text)).toBe(Number(text));
      }),
    );
  });

  it.each(["", "-", ".", "+.", "NaN", "nan", "inf", "Infinity", "0x10", "1,5", "1_000", "--1", "1e", "1e999", "1.2.3", "5 stars", "٣"])(
    "finds no number in %j",
    (text) => {
      expect(parse(text)).toBeNaN();
      expect(parseNumberText(text)).toBeNaN();
    },
  );

  it.each([
    ["5", 5],
    ["3.5", 3.5],
    [".5", 0.5],
    ["5.", 5],
    ["-0", -0],
    ["1e3", 1000],
    [" 4 ", 4],
    ["1396860669.277", 1396860669.277],
  ])("reads %j as %d", (text, value) => {
    expect(parse(text)).toBe(value);
  });
});
