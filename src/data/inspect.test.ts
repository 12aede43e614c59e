import { describe, expect, test } from "vitest";
import { Dataset, type InteractionRow } from "./dataset.ts";
import { type Comparison, verdictOf } from "./inspect/verdict.ts";
import { inspect } from "./inspect.ts";

const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);

describe("counts and long tail", () => {
  const rows = [4, 3, 2, 1].flatMap((count, item) => Array.from({ length: count }, (_, user) => ({ user, item: `i${item}` })));
  const found = inspect(Dataset.fromRows(rows));

  test("density, histories and Gini of items with 4, 3, 2 and 1 interactions", () => {
    expect(found.counts).toMatchObject({ interactions: 10, users: 4, items: 4, density: 10 / 16, usersBelow5: 1 });
    expect(found.counts.perUser).toEqual({ min: 1, median: 2.5, mean: 2.5, p90: expect.closeTo(3.7), max: 4 });
    // Mean absolute difference over twice the mean: (1+2+3+1+2+1) * 2 / 16 / (2 * 2.5).
    expect(found.longTail.gini).toBeCloseTo(0.25, 12);
    expect(found.longTail).toMatchObject({ top1Percent: 0.4, top20Percent: 0.4, itemsForHalf: 2, itemsBelow5: 4 });
    expect(found.longTail.mostPopular[0]).toEqual({ item: "i0", interactions: 4 });
  });

  test("without weights and times the parts that need them are left out", () => {
    expect(found.counts).not.toHaveProperty("weight");
    expect(found).not.toHaveProperty("sessions");
    expect(found).not.toHaveProperty("drift");
    expect(found.cold).toEqual({ basis: "single", users: 0.25, items: 0.25 });
  });

  test("an item of the vocabulary without interactions does not count", () => {
    const data = Dataset.fromRows(rows);
    const part = data.select(Uint32Array.from([0, 1, 2, 3]), { step: "part" });
    expect(inspect(part).counts).toMatchObject({ users: 4, items: 1, density: 1 });
  });

  test("a dataset without interactions gives zeros, not NaN", () => {
    const empty = Dataset.fromRows(rows).select(new Uint32Array(0), { step: "none" });
    expect(JSON.stringify(inspect(empty))).not.toMatch(/null/);
  });
});

describe("sessions", () => {
  test("a pause of more than half an hour begins a session, whatever the order of the rows", () => {
    const minutes = [0, 10, 40, 71, 75, 300];
    const rows = minutes.map((minute, i) => ({ user: "ann", item: i, time: START + minute * MINUTE })).reverse();
    const { sessions } = inspect(Dataset.fromRows([...rows, { user: "bob", item: 0, time: START }]));
    // ann: 0 10 40 | 71 75 | 300; bob: one.
    expect(sessions).toMatchObject({ sessions: 4, single: 0.5, lengthMean: 7 / 4, returning: 0.5, minutesMedian: 22 });
  });

  test("times that are only an order make no sessions, but do show drift", () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({ user: i % 10, item: i % 7, time: i }));
    const found = inspect(Dataset.fromRows(rows));
    expect(found.counts.time?.clock).toBe(false);
    expect(found.sessions).toBeUndefined();
    expect(found.drift?.periods).toHaveLength(4);
  });
});

describe("drift and cold share", () => {
  const timed = (itemOf: (i: number) => number, userOf: (i: number) => number): InteractionRow[] =>
    Array.from({ length: 400 }, (_, i) => ({ user: userOf(i), item: itemOf(i), time: START + i * MINUTE }));

  test("a catalog that is replaced every period keeps nothing on top and is cold", () => {
    const found = inspect(
      Dataset.fromRows(
        timed(
          (i) => Math.floor(i / 100) * 100 + (i % 20),
          (i) => i % 50,
        ),
      ),
    );
    expect(found.drift?.popularityOverlap).toBe(0);
    expect(found.drift?.periods.map(({ newItems }) => newItems)).toEqual([1, 1, 1, 1]);
    expect(found.drift?.periods.map(({ newUsers }) => newUsers)).toEqual([1, 0, 0, 0]);
  });

  test("a catalog that stays keeps everything, and nothing is cold", () => {
    const found = inspect(
      Dataset.fromRows(
        timed(
          (i) => Math.min(i % 10, i % 7),
          (i) => i % 50,
        ),
      ),
    );
    expect(found.drift?.popularityOverlap).toBe(1);
    expect(found.cold).toEqual({ basis: "time", users: 0, items: 0, either: 0 });
  });

  test("the last fifth by new users alone is wholly cold", () => {
    const found = inspect(
      Dataset.fromRows(
        timed(
          (i) => i % 10,
          (i) => (i < 320 ? i % 40 : 1000 + i),
        ),
      ),
    );
    expect(found.cold).toEqual({ basis: "time", users: 1, items: 0, either: 1 });
  });
});

test("repeated pairs and rows that stand twice are told apart", () => {
  const row = { user: 1, item: "a", time: START };
  const { repeats } = inspect(Dataset.fromRows([row, row, { ...row, time: START + 1 }, { ...row, item: "b" }]));
  expect(repeats).toEqual({ pairs: 2, repeatedPairs: 1, repeatShare: 0.5, duplicateRows: 1 });
});

describe("verdict", () => {
  const enough = inspect(Dataset.fromRows(Array.from({ length: 1000 }, (_, i) => ({ user: i % 50, item: (i * 7) % 90 }))));
  const comparison = (popularity: number, mean: number, low: number, high: number): Comparison => {
    const interval = (value: number) => ({ mean: value, low: value, high: value });
    const personalized = { ...interval(popularity + mean), model: "item-knn" };
    return {
      metric: "ndcg@10",
      protocol: "last item withheld",
      users: 50,
      personalized,
      popularity: interval(popularity),
      difference: { mean, low, high },
    };
  };

  test.each([
    [0.1, 0.05, 0.03, 0.07, "personalize"],
    [0.1, 0.005, 0.001, 0.009, "popularity"],
    [0.1, 0.05, -0.01, 0.11, "undecided"],
    [0.1, -0.05, -0.07, -0.03, "popularity"],
  ])("popularity %f, difference %f in [%f, %f]: %s", (popularity, mean, low, high, answer) => {
    expect(verdictOf(enough, comparison(popularity, mean, low, high)).answer).toBe(answer);
  });

  test("with a handful of rows there is too little to tell, whatever the figures", () => {
    const little = inspect(Dataset.fromRows([{ user: 1, item: "a" }]));
    expect(verdictOf(little, comparison(0.1, 0.05, 0.03, 0.07)).answer).toBe("too-little");
  });

  test("without a comparison, users of one or two interactions speak for popularity", () => {
    const short = inspect(Dataset.fromRows(Array.from({ length: 300 }, (_, i) => ({ user: i >> 1, item: i % 40 }))));
    expect(verdictOf(short, undefined).answer).toBe("popularity");
    expect(verdictOf(enough, undefined).answer).toBe("undecided");
  });
});
