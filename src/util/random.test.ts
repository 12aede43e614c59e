import { expect, test } from "vitest";
import { Random } from "./random.ts";

test("the same seed gives the same numbers, another seed gives others", () => {
  const take = (seed: number) =>
    Array.from(
      { length: 8 },
      (
        (random) => () =>
          random.bits()
      )(new Random(seed)),
    );
  expect(take(5)).toEqual(take(5));
  expect(take(5)).not.toEqual(take(6));
  expect(take(1)).not.toEqual(take(1 + 2 ** 32));
});

test("uniform numbers have the mean and variance of the uniform distribution", () => {
  const random = new Random(3);
  const n = 100_000;
  let sum = 0;
  let squares = 0;
  let outside = 0;
  for (let i = 0; i < n; i++) {
    const u = random.uniform();
    if (!(u >= 0 && u < 1)) outside++;
    sum += u;
    squares += u * u;
  }
  expect(outside).toBe(0);
  expect(sum / n).toBeCloseTo(1 / 2, 2);
  expect(squares / n - (sum / n) ** 2).toBeCloseTo(1 / 12, 2);
});

test("integers fill their range evenly", () => {
  const random = new Random(4);
  const counts = new Array(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[random.integer(7)]++;
  // Chi-squared with 6 degrees of freedom: one seed in a thousand exceeds 22.5 by chance.
  expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(22.5);
});

test("normal numbers have mean 0 and variance 1", () => {
  const random = new Random(9);
  const values = Array.from({ length: 50_000 }, () => random.normal());
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean).toBeCloseTo(0, 1);
  expect(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length).toBeCloseTo(1, 1);
});

test("a shuffle keeps every element and may put each anywhere", () => {
  const first = new Array(5).fill(0);
  const random = new Random(2);
  for (let i = 0; i < 5_000; i++) {
    const shuffled = random.shuffle([0, 1, 2, 3, 4]);
    expect([...shuffled].sort()).toEqual([0, 1, 2, 3, 4]);
    first[shuffled[0]]++;
  }
  for (const count of first) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test("splits of a stream are independent and reproducible", () => {
  const parts = (seed: number) => [0, 1, 2].map((part) => new Random(seed).split(part).bits());
  expect(parts(1)).toEqual(parts(1));
  expect(new Set([...parts(1), ...parts(2)]).size).toBe(6);
});
