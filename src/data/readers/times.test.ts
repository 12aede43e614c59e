import { describe, expect, it } from "vitest";
import { parseDate } from "../moment-text.ts";
import { timeUnitOf, toMilliseconds } from "./times.ts";

describe("parseDate", () => {
  it.each([
    ["2019-11-24", Date.UTC(2019, 10, 24)],
    ["2019/11/24 00:01", Date.UTC(2019, 10, 24, 0, 1)],
    ["2019-11-24 00:01:03", Date.UTC(2019, 10, 24, 0, 1, 3)],
    ["2019-11-24T00:01:03.5Z", Date.UTC(2019, 10, 24, 0, 1, 3, 500)],
    ["2019-11-24 00:01:03.979311+00:00", Date.UTC(2019, 10, 24, 0, 1, 3) + 979.311],
    ["2019-11-24T02:01:03+02:00", Date.UTC(2019, 10, 24, 0, 1, 3)],
    ["2019-11-24T02:01:03-0530", Date.UTC(2019, 10, 24, 7, 31, 3)],
    ["2020-02-29", Date.UTC(2020, 1, 29)],
    ["Wed Jan  1 19:59:00 2003", Date.UTC(2003, 0, 1, 19, 59)],
    ["01-Jan-1995", Date.UTC(1995, 0, 1)],
    ["1 Jan 1995 00:00:00 +0100", Date.UTC(1994, 11, 31, 23)],
  ])("reads %j", (text, time) => expect(parseDate(text)).toBeCloseTo(time, 3));

  it.each(["2019-02-29", "2019-13-01", "2019-00-10", "2019-11-24 25:00", "2019-11-24 10:61", "3/4/2020", "yesterday", "", "n/a", "May"])(
    "refuses %j",
    (text) => expect(parseDate(text)).toBeNaN(),
  );

  it("does not depend on the time zone of the machine", () => {
    const zone = process.env.TZ;
    try {
      for (const TZ of ["Asia/Tokyo", "America/New_York"]) {
        process.env.TZ = TZ;
        expect(parseDate("2020-06-01 12:00")).toBe(Date.UTC(2020, 5, 1, 12));
        expect(parseDate("01-Jun-2020 12:00")).toBe(Date.UTC(2020, 5, 1, 12));
      }
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });
});

describe("timeUnitOf", () => {
  it.each([
    [881250949, "seconds"],
    [1396437466.94, "seconds"],
    [1541599523000, "milliseconds"],
    [1541599523000000, "microseconds"],
    [1.5e18, "nanoseconds"],
    [2276, "clock"],
    [20110401, "clock"],
    [-5, "clock"],
  ] as const)("tells %d for %s", (largest, unit) => expect(timeUnitOf(largest)).toBe(unit));

  it("converts every unit to milliseconds, and leaves a clock unchanged", () => {
    const moment = Date.UTC(2018, 10, 7);
    for (const [unit, perMillisecond] of [
      ["seconds", 1e-3],
      ["milliseconds", 1],
      ["microseconds", 1e3],
      ["nanoseconds", 1e6],
    ] as const) {
      const times = Float64Array.of(moment * perMillisecond);
      toMilliseconds(times, unit);
      expect(times[0]).toBeCloseTo(moment, 0);
    }
    const clock = Float64Array.of(7);
    toMilliseconds(clock, "clock");
    expect(clock[0]).toBe(7);
  });

  it("converts seconds among milliseconds from seconds, and tells how many", () => {
    const times = Float64Array.of(1767261600000, 1767265200, Number.NaN, 0);
    expect(toMilliseconds(times, "milliseconds")).toBe(1);
    expect([...times]).toEqual([1767261600000, 1767265200000, Number.NaN, 0]);
  });
});
