import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../../util/random.ts";
import type { ExplorationSpec } from "../../recommender.gen.ts";
import type { Explored, Feedback } from "./define-exploration.ts";
import { epsilon } from "./epsilon.ts";
import { thompson } from "./thompson.ts";

const nothingShown: Feedback = { shown: [], taken: [], rate: 0.05 };

/** How often each item stood in each place over many seeds, and the mean of the propensities told when it did. */
function frequencies(make: (random: Random) => Explored, runs: number): Map<string, { share: number; told: number }> {
  const found = new Map<string, { share: number; told: number }>();
  for (let seed = 0; seed < runs; seed++) {
    const { list, propensities } = make(new Random(seed));
    list.forEach((position, place) => {
      const entry = found.get(`${position} at ${place}`) ?? { share: 0, told: 0 };
      entry.share++;
      entry.told += propensities[place];
      found.set(`${position} at ${place}`, entry);
    });
  }
  for (const entry of found.values()) {
    entry.told /= entry.share;
    entry.share /= runs;
  }
  return found;
}

function explored(spec: ExplorationSpec, places: number, open: readonly number[], spares: number, feedback = nothingShown) {
  const list = Array.from({ length: places }, (_, i) => i);
  const extra = Array.from({ length: spares }, (_, i) => places + i);
  const members = Uint32Array.from({ length: places + spares }, (_, i) => i);
  const explore = spec.kind === "epsilon" ? epsilon.create(spec) : thompson.create(spec);
  return (random: Random) => explore({ list, open, spares: extra, members, feedback, random });
}

describe("epsilon-greedy", () => {
  it("returns propensities that match the frequencies, even if spares run out", () => {
    const cases = fc.record({
      epsilon: fc.constantFrom(0.1, 0.5, 0.9),
      places: fc.integer({ min: 1, max: 6 }),
      spares: fc.integer({ min: 0, max: 5 }),
      open: fc.subarray([0, 1, 2, 3, 4, 5]),
    });
    fc.assert(
      fc.property(cases, ({ epsilon, places, spares, open }) => {
        const taking = open.filter((place) => place < places);
        const runs = 6000;
        for (const { share, told } of frequencies(explored({ kind: "epsilon", epsilon }, places, taking, spares), runs).values()) {
          // Five standard errors.
          expect(Math.abs(share - told)).toBeLessThan(5 * Math.sqrt(Math.max(told * (1 - told), 1e-3) / runs));
        }
      }),
      { numRuns: 25 },
    );
  });

  it("returns one propensity per item and place, and they add up to 1", () => {
    const seen = new Map<string, number>();
    const make = explored({ kind: "epsilon", epsilon: 0.5 }, 4, [0, 1, 3], 2);
    for (let seed = 0; seed < 2000; seed++) {
      const { list, propensities } = make(new Random(seed));
      list.forEach((position, place) => {
        const key = `${place} ${position}`;
        expect(seen.get(key) ?? propensities[place]).toBe(propensities[place]);
        seen.set(key, propensities[place]);
      });
    }
    for (let place = 0; place < 4; place++) {
      const total = [...seen].filter(([key]) => key.startsWith(`${place} `)).reduce((sum, [, propensity]) => sum + propensity, 0);
      expect(total).toBeCloseTo(1, 5);
    }
  });

  it("allows unbiased estimates for another policy by inverse propensity weighting", () => {
    const worth = (position: number, place: number) => (position + 1) / (place + 1);
    const make = explored({ kind: "epsilon", epsilon: 0.4 }, 3, [0, 1, 2], 3);
    // The other policy shows item 4 in place 1.
    let sum = 0;
    const runs = 40_000;
    for (let seed = 0; seed < runs; seed++) {
      const { list, propensities } = make(new Random(seed));
      if (list[1] === 4) sum += worth(4, 1) / propensities[1];
    }
    expect(sum / runs).toBeGreaterThan(0.95 * worth(4, 1));
    expect(sum / runs).toBeLessThan(1.05 * worth(4, 1));
  });

  it("shows no item twice and leaves closed places alone", () => {
    const make = explored({ kind: "epsilon", epsilon: 1 }, 5, [1, 2, 4], 3);
    for (let seed = 0; seed < 200; seed++) {
      const { list, propensities } = make(new Random(seed));
      expect(new Set(list).size).toBe(5);
      expect([list[0], list[3], propensities[0], propensities[3]]).toEqual([0, 3, 1, 1]);
    }
  });
});

describe("Thompson sampling", () => {
  const feedback: Feedback = { shown: [100, 100, 10, 0, 1000, 0], taken: [10, 1, 1, 0, 200, 0], rate: 0.05 };

  it("returns propensities that match the frequencies", () => {
    const runs = 4000;
    const found = frequencies(explored({ kind: "thompson" }, 3, [0, 1, 2], 3, feedback), runs);
    for (const { share, told } of found.values()) {
      // The estimate counts the list shown among 101, which lifts it by (1 - p) / 101.
      const expected = share + (1 - share) / 101;
      expect(Math.abs(told - expected)).toBeLessThan(0.02 + 5 * Math.sqrt(share / runs / 100));
    }
    expect(found.size).toBeGreaterThan(8);
  });

  it("gives the first place to the item with the most conversions, and others a chance", () => {
    const found = frequencies(explored({ kind: "thompson" }, 3, [0, 1, 2], 3, feedback), 1000);
    const best = [...found].filter(([key]) => key.endsWith(" at 0")).sort((a, b) => b[1].share - a[1].share)[0];
    expect(["0 at 0", "4 at 0"]).toContain(best[0]);
    expect(found.get("5 at 2")?.share ?? 0).toBeGreaterThan(0.01);
  });

  it("explores a share of the places, starting from the end", () => {
    const make = explored({ kind: "thompson", share: 0.5 }, 4, [0, 1, 2, 3], 4);
    let changed = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { list, propensities } = make(new Random(seed));
      expect([...list.slice(0, 2), ...propensities.slice(0, 2)]).toEqual([0, 1, 1, 1]);
      expect(new Set(list).size).toBe(4);
      changed += Number(list[2] !== 2 || list[3] !== 3);
    }
    expect(changed).toBeGreaterThan(20);
  });

  it("draws rates with the mean and spread of the Beta distribution", () => {
    // One place and two items with equal discounts cannot be had, so the better is told from how often it wins: P(X > Y log2(3)) by integration.
    const make = explored({ kind: "thompson" }, 1, [0], 1, { shown: [20, 20], taken: [5, 10], rate: 0.5 });
    const runs = 20_000;
    const share = frequencies(make, runs).get("1 at 0")?.share ?? 0;
    const steps = 2000;
    const density = (a: number, b: number) => {
      const values = Array.from({ length: steps }, (_, i) => ((i + 0.5) / steps) ** (a - 1) * (1 - (i + 0.5) / steps) ** (b - 1));
      const sum = values.reduce((total, value) => total + value, 0);
      return values.map((value) => value / sum);
    };
    const first = density(6, 16);
    const second = density(11, 11);
    const below = (limit: number) => first.reduce((sum, mass, i) => sum + ((i + 0.5) / steps < limit ? mass : 0), 0);
    // A spare follows the list: its place is 2, and its discount 1 / log2(3).
    const wanted = second.reduce((sum, mass, i) => sum + mass * below((i + 0.5) / steps / Math.log2(3)), 0);
    expect(Math.abs(share - wanted)).toBeLessThan(0.02);
  });
});
