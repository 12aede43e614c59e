import { expect, test } from "vitest";
import { barChart, inColumns, inkFor } from "./screen.ts";

const plain = inkFor({ write() {} });

test("bars are proportional to their values, to an eighth of a column", () => {
  const lines = barChart(
    [
      { name: "a", value: 0 },
      { name: "half", value: 2 },
      { name: "finer", value: 0.25 },
      { name: "all", value: 4 },
    ],
    0,
    plain,
    4,
  ).split("\n");
  expect(lines.map((line) => line.replace(/^[^█▏▎▍▌▋▊▉]*/, ""))).toEqual(["", "██", "▎", "████"]);
});

test("a value just below a whole column rounds up to it, and equal values draw no bar", () => {
  expect(
    barChart(
      [
        { name: "a", value: 0.9999 },
        { name: "b", value: 1 },
      ],
      0,
      plain,
      3,
    ),
  ).toContain("███\n");
  expect(
    barChart(
      [
        { name: "a", value: 1 },
        { name: "b", value: 1 },
      ],
      1,
      plain,
      3,
    ),
  ).not.toContain("█");
});

test("columns are padded, truncated and aligned", () => {
  const text = inColumns(
    [
      ["longer text", "1"],
      ["x", "20"],
    ],
    [{ width: 6 }, { align: "right" }],
  );
  expect(text).toBe("  longe…   1\n  x       20");
});

test("uses color if the stream shows it, regardless of standard output", () => {
  expect(inkFor({ hasColors: () => true, write() {} }).bold("x")).toBe("\x1b[1mx\x1b[22m");
  expect(inkFor({ isTTY: true, hasColors: () => false, write() {} }).bold("x")).toBe("x");
  expect(plain.bold("x")).toBe("x");
});
