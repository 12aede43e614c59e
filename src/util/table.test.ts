import { describe, expect, test } from "vitest";
import { table, textWidth, wrap } from "./table.ts";

describe("table", () => {
  test("aligns numbers right and words left, two spaces apart", () => {
    const text = table(
      [{ head: "item" }, { head: "score", align: "right" }],
      [
        ["a", "1.5"],
        ["long", "10"],
      ],
      80,
    );
    expect(text).toBe("item  score\n────  ─────\na       1.5\nlong     10\n");
  });

  test("shrinks the shrinkable column so that no line is too wide", () => {
    const text = table(
      [
        { head: "title", shrinks: true },
        { head: "n", align: "right" },
      ],
      [["a very long title that does not fit", "1"]],
      20,
      "  ",
    );
    for (const line of text.split("\n")) expect(textWidth(line)).toBeLessThanOrEqual(20);
    expect(text).toContain("…");
  });

  test("measures wide and combining characters as terminals do", () => {
    expect([textWidth("abc"), textWidth("寿司"), textWidth("é"), textWidth("e\u0301"), textWidth("👍")]).toEqual([3, 4, 1, 1, 2]);
    const lines = table(
      [{ head: "t" }, { head: "n" }],
      [
        ["寿司", "1"],
        ["abcd", "2"],
      ],
      40,
    )
      .trim()
      .split("\n");
    expect(lines.slice(2)).toEqual(["寿司  1", "abcd  2"]);
  });
});

test("text wraps at breaking spaces only, and later lines are indented", () => {
  expect(wrap("one two three four", 9, "  ")).toBe("one two\n  three\n  four");
  expect(wrap("took 0.4\u00a0s in all", 9)).toBe("took\n0.4 s in\nall");
  expect(wrap("unbreakableword", 5)).toBe("unbreakableword");
});
