// @ts-check
import { expect, test } from "vitest";
import { definitionsOf } from "./definitions.mjs";
import { kebab } from "./files.mjs";

const source = `
/**
 * ALS: implicit feedback (Hu et al. 2008), e.g. clicks. See {@link Model} for
 * what it does.
 *
 * Second paragraph.
 *
 * @example
 * \`\`\`ts
 * als().name; // "als"
 * \`\`\`
 */
export const als = defineModel({
  name: "als",
  family: "factorization",
  options: {
    /** Numbers an item. More
     * of them cost more. */
    factors: int(64),
    epochs: int(16),
  },
});
const hidden = defineModel({ name: "hidden" });
export const other = somethingElse({ name: "other" });
`;

test("finds exported definitions with their comments, and options in order", () => {
  const [als, ...rest] = definitionsOf("als.ts", source, "defineModel");
  expect(rest).toEqual([]);
  expect(als.constant).toBe("als");
  expect(als.fields).toEqual({ name: "als", family: "factorization" });
  expect(als.documentation.summary).toBe("ALS: implicit feedback (Hu et al. 2008), e.g. clicks.");
  expect(als.documentation.text).toMatch(/See `Model` for\nwhat it does\.\n\nSecond paragraph\.$/);
  expect(als.documentation.examples).toEqual(['```ts\nals().name; // "als"\n```']);
  expect(Object.entries(als.options)).toEqual([
    ["factors", "Numbers an item. More of them cost more."],
    ["epochs", ""],
  ]);
});

test("names of constants are converted to names of files", () => {
  expect(["ease", "itemKnn", "rp3beta", "hitRate"].map(kebab)).toEqual(["ease", "item-knn", "rp3beta", "hit-rate"]);
});
