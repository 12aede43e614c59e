import { expect, test } from "vitest";
import { LruCache } from "./lru-cache.ts";

test("keeps what was asked for last, and makes what is gone again", () => {
  const made: string[] = [];
  const cache = new LruCache<string>(2);
  const get = (text: string) =>
    cache.get(text, (source) => {
      made.push(source);
      return source.toUpperCase();
    });
  expect(["a", "b", "a", "c", "a", "b"].map(get)).toEqual(["A", "B", "A", "C", "A", "B"]);
  expect(made).toEqual(["a", "b", "c", "b"]);
});

test("does not keep what could not be made", () => {
  const cache = new LruCache<number>(2);
  expect(() =>
    cache.get("a", () => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(cache.get("a", () => 1)).toBe(1);
});
