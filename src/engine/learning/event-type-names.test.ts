import { expect, test } from "vitest";
import { EventTypeNames } from "./event-type-names.ts";

test("stored types keep their indices, and other types get one that stays until they are stored", () => {
  const stored = ["view"];
  const names = new EventTypeNames(() => stored);
  expect([names.indexOf("view"), names.indexOf("dislike"), names.indexOf("buy"), names.indexOf("dislike")]).toEqual([0, 255, 254, 255]);
  expect([names.all[0], names.all[254], names.all[255]]).toEqual(["view", "buy", "dislike"]);
  stored.push("dislike");
  expect([names.indexOf("dislike"), names.all[1]]).toEqual([1, "dislike"]);
});

test("any number of names fits into a byte, and none collides with a stored one", () => {
  const stored = Array.from({ length: 190 }, (_, i) => `t${i}`);
  const names = new EventTypeNames(() => stored);
  const indices = Array.from({ length: 500 }, (_, i) => names.indexOf(`other ${i}`));
  expect(Math.max(...indices)).toBe(255);
  expect(Math.min(...indices)).toBe(192);
  expect(names.all[189]).toBe("t189");
});
