import { expect, test } from "vitest";
import { Breaker } from "./breaker.ts";

test("three failures in a row pause a source; each failed retry doubles the pause, up to a minute", () => {
  const breaker = new Breaker();
  let now = 0;
  for (let i = 0; i < 3; i++) {
    expect(breaker.lets(now)).toBe(true);
    breaker.failed(now, `failure ${i}`);
  }
  for (const rest of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    expect(breaker.lets(now + rest - 1)).toBe(false);
    now += rest;
    expect(breaker.lets(now)).toBe(true);
    // One request tries it; the others do not wait for what comes of that.
    expect(breaker.lets(now)).toBe(false);
    breaker.failed(now, "still down");
  }
  expect(breaker.message(now + 1500)).toBe("Paused after 11 failures in a row, retrying in 59 s. Last failure: still down");
});

test("a success ends the pause and resets the failure count", () => {
  const breaker = new Breaker();
  for (let i = 0; i < 3; i++) breaker.failed(0, "down");
  expect(breaker.lets(1000)).toBe(true);
  breaker.succeeded();
  for (let i = 0; i < 2; i++) breaker.failed(1001, "down");
  expect(breaker.lets(1001)).toBe(true);
  breaker.succeeded();
  for (let i = 0; i < 2; i++) breaker.failed(1002, "down");
  expect(breaker.lets(1002)).toBe(true);
});

test("requests in flight when a pause starts don't extend it", () => {
  const breaker = new Breaker();
  for (let i = 0; i < 6; i++) breaker.failed(i, "down");
  expect(breaker.lets(1001)).toBe(false);
  expect(breaker.lets(1002)).toBe(true);
});
