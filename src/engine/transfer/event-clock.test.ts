import { expect, test } from "vitest";
import { orderClock } from "./event-clock.ts";

const DAY = 86_400_000;
const start = Date.UTC(2026, 2, 1);

test("an order becomes times of the day before the import, a millisecond apart", () => {
  const clock = orderClock(start);
  expect(clock(0)).toBe(start - DAY);
  expect(clock(7) - clock(6)).toBe(1);
  expect(clock(DAY - 1)).toBeLessThan(start);
});

test("any range fits into the day, in order", () => {
  const clock = orderClock(start, { least: -5, most: 1e12 });
  const times = [-5, 1e6, 5e11, 1e12].map(clock);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBe(start - DAY);
  expect(times[3]).toBeLessThan(start);
  expect(orderClock(start, { least: 3, most: 3 })(3)).toBe(start - DAY);
});
