import { describe, expect, test } from "vitest";
import { finiteNumber, historyList, idList, nameList, numberBetween, numberList, wholeNumber } from "./flag-values.ts";

describe("values of flags", () => {
  test("histories are comma-separated ids, JSON with weights, or empty", () => {
    expect(historyList("50,181")).toEqual(["50", "181"]);
    expect(historyList(" 50 , m 1,")).toEqual(["50", "m 1"]);
    expect(historyList("")).toEqual([]);
    expect(historyList('["a,b", 7, {"item": "c", "weight": 2}]')).toEqual(["a,b", 7, { item: "c", weight: 2 }]);
    for (const wrong of ["[1", "[null]", '[{"id": 1}]', '[{"item": 1, "weight": "2"}]', '[{"item": 1, "wieght": 2}]'])
      expect(() => historyList(wrong)).toThrow();
    expect(() => idList('[{"item": 1}]')).toThrow(/ids only/);
  });

  test("numbers are checked", () => {
    expect(wholeNumber(1)("12")).toBe(12);
    for (const wrong of ["0", "1.5", "", " ", "x", "1e99", "Infinity"]) expect(() => wholeNumber(1)(wrong)).toThrow(/whole number/);
    expect(numberBetween(0, 1)("0.25")).toBe(0.25);
    for (const wrong of ["0", "1", "-1", "x"]) expect(() => numberBetween(0, 1)(wrong)).toThrow();
    expect(finiteNumber("-3.5")).toBe(-3.5);
    expect(() => finiteNumber("")).toThrow();
    expect(numberList("20,5,10,5")).toEqual([5, 10, 20]);
    expect(nameList("a, b,")).toEqual(["a", "b"]);
    expect(() => nameList(" , ")).toThrow();
  });
});
