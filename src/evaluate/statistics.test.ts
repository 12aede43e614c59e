import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../util/random.ts";
import { bootstrapInterval, resampledMeans } from "./bootstrap.ts";
import { holm } from "./holm.ts";
import { normalCumulative, normalQuantile, normalUpperTail } from "./normal.ts";
import { randomizationTest } from "./randomization-test.ts";

describe("normal distribution", () => {
  it.each([
    // scipy 1.17.1 norm.sf
    [0, 0.5],
    [1, 0.15865525393145707],
    [2.5, 0.006209665325776132],
    [3, 0.0013498980316300933],
    [8, 6.220960574271785e-16],
    [30, 4.906713927148187e-198],
  ])("tail beyond %d", (x, expected) => {
    expect(normalUpperTail(x) / expected).toBeCloseTo(1, 12);
    expect(normalUpperTail(-x)).toBeCloseTo(1 - expected, 14);
  });

  it("quantile undoes cumulative", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
        expect(normalCumulative(normalQuantile(p)) / p).toBeCloseTo(1, 10);
      }),
    );
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 12);
  });
});

describe("bootstrap interval", () => {
  /** Share of intervals that contain the true mean, over samples of `users`. */
  function covers(users: number, draw: (random: Random) => number, truth: number): number {
    const random = new Random(7);
    let held = 0;
    const trials = 500;
    for (let trial = 0; trial < trials; trial++) {
      const sample = Float64Array.from({ length: users }, () => draw(random));
      const [low, high] = bootstrapInterval(sample, { resamples: 300, seed: trial });
      if (low <= truth && truth <= high) held++;
    }
    return held / trials;
  }

  // The standard error of a share of .95 over 500 trials is .01.
  it("covers the mean of evenly spread numbers in 95 of 100 samples", () => {
    const share = covers(100, (random) => random.uniform(), 0.5);
    expect(share).toBeGreaterThan(0.925);
    expect(share).toBeLessThan(0.975);
  });

  it("covers the mean of recall-like numbers (mostly 0, some fractions, few 1) in about 95 of 100", () => {
    const values = [0, 0, 0, 0, 0, 0, 0.2, 0.25, 0.5, 1];
    const share = covers(150, (random) => values[random.integer(10)], 0.195);
    expect(share).toBeGreaterThan(0.925);
    expect(share).toBeLessThan(0.975);
  });

  it("covers the mean of skewed numbers better than a symmetric interval does", () => {
    const share = covers(80, (random) => -Math.log(1 - random.uniform()), 1);
    expect(share).toBeGreaterThan(0.915);
    expect(share).toBeLessThan(0.975);
  });

  it("matches scipy 1.17.1 bootstrap(method='BCa') on one sample", () => {
    // 200,000 resamples on both sides; the remaining difference is sampling noise.
    const sample = Float64Array.of(0, 0, 0.1, 0.9, 0.3, 0, 1, 0.2, 0.05, 0.4, 0, 0.63, 0.11, 0, 0.02);
    const [low, high] = bootstrapInterval(sample, { resamples: 200_000 });
    expect(Math.abs(low - 0.1147)).toBeLessThan(0.002);
    expect(Math.abs(high - 0.4593)).toBeLessThan(0.004);
  });

  it("is the same for the same seed and leaves out users without a number", () => {
    const sample = Float64Array.from({ length: 50 }, (_, i) => Math.sin(i) ** 2);
    const holed = Float64Array.from([...sample.slice(0, 20), Number.NaN, ...sample.slice(20), Number.NaN]);
    expect(bootstrapInterval(holed, { seed: 3 })).toEqual(bootstrapInterval(sample, { seed: 3 }));
    expect(bootstrapInterval(sample, { seed: 4 })).not.toEqual(bootstrapInterval(sample, { seed: 3 }));
  });

  it("is a point if all users agree, and NaN for fewer than two", () => {
    expect(bootstrapInterval(Float64Array.of(0.5, 0.5, 0.5))).toEqual([0.5, 0.5]);
    expect(bootstrapInterval(Float64Array.of(0.5))).toEqual([Number.NaN, Number.NaN]);
    expect(bootstrapInterval(new Float64Array(0))).toEqual([Number.NaN, Number.NaN]);
  });

  it("draws the same users for all series, weighted or not", () => {
    const sums = Float64Array.from({ length: 30 }, (_, i) => i % 7);
    const [plain, twice, weighted] = resampledMeans(
      [{ sums }, { sums: sums.map((x) => 2 * x) }, { sums, counts: new Float64Array(30).fill(1) }],
      {
        resamples: 50,
        seed: 1,
      },
    );
    expect(twice).toEqual(plain.map((x) => 2 * x));
    expect(weighted).toEqual(plain);
  });
});

describe("randomization test", () => {
  /** All patterns, by brute force. */
  function enumerate(differences: number[]): number {
    const seen = Math.abs(differences.reduce((sum, d) => sum + d, 0));
    let extreme = 0;
    for (let pattern = 0; pattern < 2 ** differences.length; pattern++) {
      const sum = differences.reduce((total, d, i) => total + ((pattern >> i) & 1 ? d : -d), 0);
      if (Math.abs(sum) >= seen - 1e-9) extreme++;
    }
    return extreme / 2 ** differences.length;
  }

  it("equals the brute-force count for few users", () => {
    const value = fc.integer({ min: -5, max: 5 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 10 }), (differences) => {
        expect(randomizationTest(Float64Array.from(differences))).toBeCloseTo(enumerate(differences), 12);
      }),
    );
  });

  it("is close to the brute-force count where it approximates", () => {
    const random = new Random(5);
    for (let trial = 0; trial < 8; trial++) {
      const differences = Array.from({ length: 17 }, () => random.normal() + trial / 6);
      const p = randomizationTest(Float64Array.from(differences));
      const all = enumerate(differences);
      // Within 5%; in the far tail, where single patterns of the 131,072 count, within 20%.
      expect(Math.abs(p / all - 1)).toBeLessThan(all > 1e-3 ? 0.05 : 0.2);
    }
  });

  it("is close to the mid-p value of McNemar's test for hits and misses", () => {
    // 30 users won by one, 14 by the other; scipy 1.17.1: 2 * binom.cdf(14, 44, .5) - binom.pmf(14, 44, .5)
    const differences = Float64Array.from({ length: 60 }, (_, i) => (i < 30 ? 1 : i < 44 ? -1 : 0));
    expect(randomizationTest(differences) / 0.016094360031274853 - 1).toBeCloseTo(0, 1);
  });

  it("distinguishes extremes that no number of draws could", () => {
    expect(randomizationTest(new Float64Array(100).fill(0.25))).toBe(2 ** -99);
    const random = new Random(1);
    const p = randomizationTest(Float64Array.from({ length: 2000 }, () => random.normal() + 0.3));
    expect(p).toBeGreaterThan(0);
    expect(p).toBeLessThan(1e-20);
  });

  it("reports a difference where there is none as often as alpha says", () => {
    const random = new Random(11);
    for (const draw of [() => random.normal() ** 3, () => [0, 0, 0, 1, -1][random.integer(5)], () => random.uniform() - random.uniform()]) {
      let called = 0;
      const trials = 2000;
      for (let trial = 0; trial < trials; trial++) if (randomizationTest(Float64Array.from({ length: 60 }, draw)) < 0.05) called++;
      // Standard error .005.
      expect(called / trials).toBeGreaterThan(0.035);
      expect(called / trials).toBeLessThan(0.065);
    }
  });

  it("does not depend on order, sign or scale, and is 1 without a difference", () => {
    const differences = Float64Array.from({ length: 40 }, (_, i) => Math.sin(i * 1.7) + 0.2);
    const p = randomizationTest(differences);
    expect(randomizationTest(differences.slice().reverse())).toBeCloseTo(p, 10);
    expect(randomizationTest(differences.map((d) => -1000 * d))).toBeCloseTo(p, 10);
    expect(randomizationTest(Float64Array.from([...differences, Number.NaN, 0]))).toBeCloseTo(p, 10);
    expect(randomizationTest(new Float64Array(30))).toBe(1);
    expect(randomizationTest(new Float64Array(0))).toBe(1);
  });
});

describe("Holm's correction", () => {
  it("gives the published values", () => {
    // statsmodels 0.15.0 multipletests(method="holm")
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((expected, i) => {
      expect(adjusted[i]).toBeCloseTo(expected, 12);
    });
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  it("makes one false positive among ten tests at most as often as alpha", () => {
    const random = new Random(3);
    let families = 0;
    for (let trial = 0; trial < 2000; trial++)
      if (holm(Array.from({ length: 10 }, () => random.uniform())).some((p) => p < 0.05)) families++;
    expect(families / 2000).toBeGreaterThan(0.035);
    expect(families / 2000).toBeLessThan(0.065);
  });
});
