import { expect, test } from "vitest";
import { didYouMean, nearestNames } from "./nearest-names.ts";

test("finds names despite a wrong letter, swapped letters or a missing end", () => {
  const known = ["als", "bpr", "ease", "item-knn", "popularity", "rp3beta"];
  expect(nearestNames("eaze", known)).toEqual(["ease"]);
  expect(nearestNames("asl", known)).toEqual(["als"]);
  expect(nearestNames("pop", known)).toEqual(["popularity"]);
  expect(nearestNames("itemknn", known)).toEqual(["item-knn"]);
  expect(nearestNames("POPULARITY", known)).toEqual(["popularity"]);
});

test("suggests nothing if no name is similar", () => {
  expect(nearestNames("transformer", ["als", "bpr"])).toEqual([]);
  expect(didYouMean("transformer", ["als", "bpr"])).toBe("");
  expect(didYouMean("alz", ["als", "bpr"])).toBe(" Did you mean als?");
});
