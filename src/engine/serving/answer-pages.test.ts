import { expect, test } from "vitest";
import { AnswerPages } from "./answer-pages.ts";

const whose = { recommender: "popular", user: "ann" };

test("an answer can be continued for an hour, and for its own user and recommender", () => {
  const pages = new AnswerPages();
  pages.add("a", { ...whose, time: 0, shown: Uint32Array.of(1, 2) });
  expect([...pages.shown("a", whose, 3_600_000)]).toEqual([1, 2]);
  expect(() => pages.shown("a", whose, 3_600_001)).toThrow(/no answer of the last hour/);
  expect(() => pages.shown("a", { ...whose, user: undefined }, 0)).toThrow(/another user/);
});

test("the oldest answers make room", () => {
  const pages = new AnswerPages();
  for (let i = 0; i < 2001; i++) pages.add(`${i}`, { ...whose, time: i, shown: new Uint32Array(1000) });
  expect(() => pages.shown("0", whose, 2001)).toThrow(/no answer/);
  expect(pages.shown("1", whose, 2001).length).toBe(1000);
});
