import fc from "fast-check";
import { Compile } from "typebox/compile";
import { expect, test } from "vitest";
import { parseDuration } from "../util/duration.ts";
import { Duration } from "./text-schemas.ts";

test("the schema of a length of time takes what is read as one, and nothing else", () => {
  const compiled = Compile(Duration);
  const number = fc.stringMatching(/^[0-9]{0,3}(\.[0-9]{0,2})?$/);
  const text = fc
    .tuple(fc.constantFrom("", " "), number, fc.constantFrom("", " "), fc.constantFrom("ms", "s", "m", "h", "d", "w", "", "y", "ds"))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (value) => {
      expect(compiled.Check(value)).toBe(parseDuration(value) !== undefined);
    }),
    { numRuns: 2000 },
  );
});
