import { expect, test } from "vitest";
import { EventWeighting } from "./event-weighting.ts";

const names = ["view", "add_to_cart", "Purchase", "rating", "dislike", "constructor", "watch"];
const type = (name: string) => names.indexOf(name);

test("common types have built-in weights in any spelling, and others weigh 1", () => {
  const weights = new EventWeighting(undefined, () => names);
  expect(["view", "add_to_cart", "Purchase", "dislike", "constructor", "watch"].map((name) => weights.of(type(name), 1))).toEqual([
    1, 3, 5, -3, 1, 1,
  ]);
});

test("the configuration wins; a value multiplies if configured, and weights may be negative", () => {
  const weights = new EventWeighting({ view: 0.5, Purchase: { weight: 2, byValue: true }, dislike: -4, rating: 1 }, () => names);
  expect(weights.of(type("view"), 9)).toBe(0.5);
  expect(weights.of(type("Purchase"), 30)).toBe(60);
  expect(weights.of(type("Purchase"), -30)).toBe(-60);
  expect(weights.of(type("Purchase"), Number.NaN)).toBe(0);
  expect(weights.of(type("dislike"), 1)).toBe(-4);
  expect(weights.of(type("rating"), 1)).toBe(1);
});

test("a rating counts if it is at or above the mean of all ratings", () => {
  const weights = new EventWeighting(undefined, () => names);
  const rating = type("rating");
  expect(weights.of(rating, 2)).toBe(3);
  weights.observe({ length: 3, type: Uint8Array.of(rating, rating, type("view")), value: Float64Array.of(2, 5, 100) });
  expect([2, 3, 3.5, 5].map((value) => weights.of(rating, value))).toEqual([0, 0, 3, 3]);
});

test("types that appear later get a weight", () => {
  const growing = ["view"];
  const weights = new EventWeighting(undefined, () => growing);
  expect(weights.of(0, 1)).toBe(1);
  growing.push("purchase");
  expect(weights.of(1, 1)).toBe(5);
});
