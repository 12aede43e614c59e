import { expect, test } from "vitest";
import { recommendationId, timeOfRecommendation } from "./recommendation-id.ts";

test("ids are short, URL-safe and unique, and sort by time", () => {
  const times = [Date.UTC(2001, 0, 1), Date.UTC(2026, 5, 1), Date.UTC(2026, 5, 1) + 1, Date.UTC(2100, 0, 1)];
  const ids = times.map(recommendationId);
  expect(ids.toSorted()).toEqual(ids);
  for (const id of ids) expect(encodeURIComponent(id)).toBe(id);
  expect(ids.map((id) => id.length)).toEqual([18, 18, 18, 18]);
  expect(new Set(Array.from({ length: 5000 }, () => recommendationId(times[1]))).size).toBe(5000);
});

test("an id contains its time, and other text doesn't", () => {
  const now = 1_780_000_000_123;
  expect(timeOfRecommendation(recommendationId(now))).toBe(now);
  for (const text of ["", "x", `${recommendationId(now)}x`, "………………………………………………"]) expect(timeOfRecommendation(text)).toBeNaN();
});
