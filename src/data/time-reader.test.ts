import { expect, test } from "vitest";
import { timeReader } from "./time-reader.ts";

const read = (form: Parameters<typeof timeReader>[0], text: string) => {
  const time = timeReader(form)?.(text) ?? Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
};

test.each<[string, string, string | undefined]>([
  ["DD.MM.YYYY", "31.01.2026", "2026-01-31T00:00:00.000Z"],
  ["DD.MM.YYYY HH:mm", "31.01.2026 17:05", "2026-01-31T17:05:00.000Z"],
  ["DD.MM.YYYY HH:mm", "1.2.2026 7:05", "2026-02-01T07:05:00.000Z"],
  ["DD.MM.YYYY HH:mm", "31.01.2026", "2026-01-31T00:00:00.000Z"],
  ["MM/DD/YYYY hh:mm A", "03/04/2026 12:30 AM", "2026-03-04T00:30:00.000Z"],
  ["M/D/YY h:mm A", "3/4/26 1:30 pm", "2026-03-04T13:30:00.000Z"],
  ["YYYYMMDD", "20260131", "2026-01-31T00:00:00.000Z"],
  ["YYYYMMDDHHmmss", "20260131170503", "2026-01-31T17:05:03.000Z"],
  ["YYYY-MM-DD HH:mm:ss.SSSZ", "2026-01-31 17:05:03.250+01:00", "2026-01-31T16:05:03.250Z"],
  ["DD.MM.YYYY", "31.02.2026", undefined],
  ["DD.MM.YYYY", "2026-01-31", undefined],
  ["DD.MM.YYYY HH:mm", "31.01.2026 25:00", undefined],
  ["MM/DD/YYYY hh:mm A", "03/04/2026 13:30 AM", undefined],
])("the form %s reads %s", (timeFormat, text, expected) => {
  expect(read({ timeFormat }, text)).toBe(expected);
});

test("times without a zone are those of the given one, in summer and winter", () => {
  const vienna = { timeZone: "Europe/Vienna" };
  expect(read(vienna, "2026-01-31 12:00")).toBe("2026-01-31T11:00:00.000Z");
  expect(read(vienna, "2026-07-31 12:00")).toBe("2026-07-31T10:00:00.000Z");
  expect(read(vienna, "31 Jan 2026 12:00")).toBe("2026-01-31T11:00:00.000Z");
  expect(read({ ...vienna, timeFormat: "DD.MM.YYYY HH:mm" }, "31.07.2026 12:00")).toBe("2026-07-31T10:00:00.000Z");
  expect(read({ timeZone: "Asia/Kolkata" }, "2026-01-31 12:00")).toBe("2026-01-31T06:30:00.000Z");
  // On the night of a change.
  expect(read(vienna, "2026-03-29 01:30")).toBe("2026-03-29T00:30:00.000Z");
  expect(read(vienna, "2026-03-29 03:30")).toBe("2026-03-29T01:30:00.000Z");
});

test("a zone in the text counts more than the given one", () => {
  for (const text of ["2026-01-31T12:00:00Z", "2026-01-31 13:00:00+01:00", "Sat, 31 Jan 2026 12:00:00 GMT", "2026-01-31 13:00 +01"])
    expect(read({ timeZone: "America/New_York" }, text)).toBe("2026-01-31T12:00:00.000Z");
});

test("unknown zones and forms without a date are refused", () => {
  expect(() => timeReader({ timeZone: "Europe/Wien" })).toThrow(/Unknown time zone: "Europe\/Wien"/);
  expect(() => timeReader({ timeFormat: "HH:mm" })).toThrow(/not a form of times/);
  expect(() => timeReader({ timeFormat: "DD.DD.YYYY" })).toThrow(/not a form of times/);
  expect(timeReader({})).toBeUndefined();
});
