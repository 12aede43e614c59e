import { describe, expect, it } from "vitest";
import { dateAdvice, millisecondsOf, parseDate } from "./moment-text.ts";

describe("a date with a month name", () => {
  it.each([
    ["28 Feb 2024", Date.UTC(2024, 1, 28)],
    ["Jan 31, 2024 10:05 PM", Date.UTC(2024, 0, 31, 22, 5)],
    ["10/Oct/2000:13:55:36 -0700", Date.UTC(2000, 9, 10, 20, 55, 36)],
    ["Wed, 01 Jan 2003 19:59:00 GMT", Date.UTC(2003, 0, 1, 19, 59)],
    ["Wed Jan 01 2003 19:59:00 GMT+0100 (Central European Standard Time)", Date.UTC(2003, 0, 1, 18, 59)],
    ["Wed Aug 27 13:08:45 +0000 2008", Date.UTC(2008, 7, 27, 13, 8, 45)],
    ["05-Jan-24", Date.UTC(2024, 0, 5)],
  ])("is read: %j", (text, time) => expect(parseDate(text)).toBe(time));

  it.each(["31 Feb 2024", "Feb 30, 2024", "29-Feb-2023", "1 Jan 2024 25:00", "May 2024", "item May 5", "5 May"])(
    "is refused if it is no day: %j",
    (text) => expect(parseDate(text)).toBeNaN(),
  );
});

it.each(["2024-02-31T10:00:00Z", "2023-02-29T10:00:00Z", "2024-13-01T00:00:00Z", "2024-01-01T24:30:00Z"])(
  "%s in a request is not moved to another day",
  (text) => expect(millisecondsOf(text)).toBeNaN(),
);

it("reads dates of requests as Date.parse does", () => {
  for (const text of ["2024-02-29T10:00:00.123456Z", "2024-12-31T23:59:59+02:00", "2024-01-01T00:00Z"])
    expect(millisecondsOf(text)).toBe(Date.parse(text));
});

it.each([
  ["31.01.2026", "begin with the year"],
  ["3/4/2020 10:00", "begin with the year"],
  ["2026-05", "whole date"],
  ["2024-02-31", "no such day"],
  ["31 Feb 2024", "no such day"],
  ["soon", "write dates like"],
])("the advice for %j says: %s", (text, words) => expect(dateAdvice(text)).toContain(words));
