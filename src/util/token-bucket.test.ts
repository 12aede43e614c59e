import { expect, test } from "vitest";
import { TokenBucket } from "./token-bucket.ts";

test("allows a burst, then a steady rate, and saves up no more than the burst", () => {
  const allowance = new TokenBucket(3, 2, 0);
  const taken = (now: number, times: number) => Array.from({ length: times }, () => allowance.take(now)).filter((yes) => yes).length;
  expect(taken(0, 10)).toBe(3);
  expect(taken(1000, 10)).toBe(2);
  expect(taken(1250, 10)).toBe(0);
  expect(taken(1500, 10)).toBe(1);
  expect(taken(1_000_000, 10)).toBe(3);
  // Setting the clock back neither adds nor removes tokens.
  expect(taken(0, 10)).toBe(0);
  expect(taken(500, 10)).toBe(1);
});
