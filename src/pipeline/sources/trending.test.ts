import { describe, expect, test } from "vitest";
import { Random } from "../../util/random.ts";
import type { EventWeights } from "../event-weights.ts";
import { eventsOf as eventsOfUsers, sourceRequest } from "../testing/requests.ts";
import { TrendingSource } from "./trending.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const weights: EventWeights = { types: ["view"], of: () => 1 };

let people = 0;

/** Events of a different user each, unless they name one. */
function eventsOf(rows: Parameters<typeof eventsOfUsers>[0]) {
  return eventsOfUsers(rows.map((row) => ({ user: people++, ...row })));
}

/** Poisson events at so many a day for each item from a time to another. */
function steady(random: Random, perDay: readonly number[], from: number, to: number) {
  const events: { item: number; time: number }[] = [];
  perDay.forEach((rate, item) => {
    for (let time = from; rate > 0; ) {
      time += (-Math.log(1 - random.uniform()) / rate) * DAY;
      if (time >= to) break;
      events.push({ item, time });
    }
  });
  return events.sort((a, b) => a.time - b.time);
}

describe("with a window of a day", () => {
  const random = new Random(7);
  // Item 0 is by far the most popular; 40 to 49 are new.
  const rates = Array.from({ length: 50 }, (_, item) => (item === 0 ? 400 : item < 40 ? 4 : 0));
  const history = steady(random, rates, 0, 60 * DAY);

  test("returns rising items, strongest first, but neither merely popular ones nor random noise", () => {
    const trending = new TrendingSource(weights, { window: DAY });
    trending.observe(eventsOf(history));
    const now = 60 * DAY;
    const burst = (item: number, count: number) => Array.from({ length: count }, (_, i) => ({ item, time: now - (i * HOUR) / 10 }));
    trending.observe(eventsOf([...burst(7, 60), ...burst(41, 25), ...burst(42, 1)]));
    const { items, scores } = trending.candidates(sourceRequest(50, { now }));
    expect([...items.slice(0, 2)].sort()).toEqual([41, 7]);
    expect(items).not.toContain(0);
    expect(items).not.toContain(42);
    expect(items.length).toBeLessThan(5);
    expect(scores.every((score, i) => score > 1 && (i === 0 || score <= scores[i - 1]))).toBe(true);
  });

  test("users who were there before count more than those who have just come", () => {
    const now = 60 * DAY;
    const regulars = Array.from({ length: 12 }, (_, i) => ({ user: 1_000_000 + i, item: 0, time: DAY }));
    const burst = (item: number, from: number) =>
      Array.from({ length: 12 }, (_, i) => ({ user: from + i, item, time: now - (i * HOUR) / 10 }));
    const trending = new TrendingSource(weights, { window: DAY });
    trending.observe(eventsOf([...regulars, ...history].sort((a, b) => a.time - b.time)));
    trending.observe(eventsOf([...burst(44, 2_000_000), ...burst(45, 1_000_000)]));
    const scores = new Float32Array(2);
    trending.score(sourceRequest(50, { now }), Uint32Array.of(44, 45), scores);
    expect(scores[1]).toBeGreaterThan(2 * scores[0]);
    // What is taken back is what was counted.
    const takingBack: EventWeights = {
      types: ["view", "undo"],
      of: (type) => (type === 0 ? 1 : 0),
      undoes: (type, other) => type === 1 && other === 0,
    };
    const [before, after] = [new TrendingSource(takingBack, { window: DAY }), new TrendingSource(takingBack, { window: DAY })];
    for (const source of [before, after]) source.observe(eventsOf(history));
    before.observe(eventsOf(burst(46, 3_000_000)));
    after.observe(
      eventsOf([...burst(46, 3_000_000), { user: 4_000_000, item: 46, time: now }, { user: 4_000_000, item: 46, type: 1, time: now + 1 }]),
    );
    const both = [before, after].map((source) => {
      const score = new Float32Array(1);
      source.score(sourceRequest(50, { now: now + 1 }), Uint32Array.of(46), score);
      return score[0];
    });
    expect(both[1]).toBeCloseTo(both[0], 4);
  });

  test("returns nothing if all activity triples", () => {
    const trending = new TrendingSource(weights, { window: DAY });
    trending.observe(eventsOf(history));
    trending.observe(
      eventsOf(
        steady(
          random,
          rates.map((rate) => 3 * rate),
          60 * DAY,
          61 * DAY,
        ),
      ),
    );
    expect(trending.candidates(sourceRequest(50, { now: 61 * DAY })).items.length).toBeLessThan(4);
  });

  test.each([{ window: DAY }, {}])("in data from years ago, finds what rose at its end, with %o", (options) => {
    const trending = new TrendingSource(weights, options);
    trending.observe(eventsOf(history));
    trending.observe(eventsOf(Array.from({ length: 60 }, () => ({ item: 7, time: 60 * DAY }))));
    trending.candidates(sourceRequest(50, { now: 60 * DAY + 20 * HOUR }));
    expect([...trending.candidates(sourceRequest(50, { now: 3000 * DAY })).items][0]).toBe(7);
  });

  test("forgets a rise when it is over", () => {
    const trending = new TrendingSource(weights, { window: DAY });
    trending.observe(eventsOf(history));
    trending.observe(eventsOf(Array.from({ length: 60 }, () => ({ item: 7, time: 60 * DAY }))));
    expect([...trending.candidates(sourceRequest(50, { now: 60 * DAY })).items][0]).toBe(7);
    trending.observe(eventsOf(steady(random, rates, 60 * DAY, 70 * DAY)));
    expect([...trending.candidates(sourceRequest(50, { now: 70 * DAY })).items]).not.toContain(7);
  });

  test("gives the same result event by event or all at once", () => {
    const rising = [...history, ...Array.from({ length: 40 }, (_, i) => ({ item: 9, time: 60 * DAY + i * 1000 }))];
    const atOnce = new TrendingSource(weights, { window: DAY });
    atOnce.observe(eventsOf(rising));
    const oneByOne = new TrendingSource(weights, { window: DAY });
    for (const event of rising) oneByOne.observe(eventsOf([event]));
    const request = sourceRequest(50, { now: 60 * DAY + HOUR });
    expect(oneByOne.candidates(request)).toEqual(atOnce.candidates(request));
    expect(atOnce.candidates(request).items[0]).toBe(9);
  });
});

test("without a window, adapts to the rate of events", () => {
  for (const [perDay, rise] of [
    // A quiet shop: a rise takes days to be told from chance.
    [2, { count: 40, over: 5 * DAY }],
    // A busy one: half an hour is enough.
    [2000, { count: 200, over: 0.5 * HOUR }],
  ] as const) {
    const random = new Random(3);
    const trending = new TrendingSource(weights);
    const rates = new Array<number>(20).fill(perDay);
    const end = perDay > 100 ? 4 * DAY : 600 * DAY;
    trending.observe(eventsOf(steady(random, rates, 0, end)));
    trending.observe(eventsOf(Array.from({ length: rise.count }, (_, i) => ({ item: 5, time: end - (i / rise.count) * rise.over }))));
    const { items } = trending.candidates(sourceRequest(20, { now: end }));
    expect(items[0]).toBe(5);
    expect(items.length).toBeLessThan(4);
  }
});

test("in a project without past events, returns the first popular items", () => {
  const trending = new TrendingSource(weights);
  const events = [...Array.from({ length: 30 }, () => 4), ...Array.from({ length: 60 }, (_, i) => i % 20)];
  trending.observe(eventsOf(events.map((item, i) => ({ item, time: i * 1000 }))));
  expect([...trending.candidates(sourceRequest(20, { now: 90_000 })).items]).toEqual([4]);
});

describe("one user", () => {
  const purchase = ["view", "purchase", "return", "dislike"];
  const taking: EventWeights = {
    types: purchase,
    of: (type) => [1, 5, -1, -3][type],
    undoes: (type, other) => type === 2 && other === 1,
  };
  const history = () =>
    steady(
      new Random(3),
      Array.from({ length: 30 }, () => 20),
      0,
      60 * DAY,
    );
  const rises = (
    extra: Parameters<typeof eventsOfUsers>[0],
    options: ConstructorParameters<typeof TrendingSource>[1] = { window: DAY },
  ) => {
    const trending = new TrendingSource(taking, options);
    trending.observe(eventsOf(history()));
    trending.observe(eventsOf(extra));
    const out = new Float32Array(30);
    trending.score(sourceRequest(30, { now: 60 * DAY }), Uint32Array.from(out.keys()), out);
    return out;
  };
  const many = (user: (i: number) => number, count = 60) =>
    Array.from({ length: count }, (_, i) => ({ user: 1e6 + user(i), item: 7, time: 60 * DAY - (count - i) * 1000 }));

  test.each([{ window: DAY }, {}])("counts once per item and window, with %o", (options) => {
    const none = rises([], options)[7];
    expect(
      rises(
        many(() => 1),
        options,
      )[7],
    ).toBeCloseTo(
      rises(
        many(() => 1, 1),
        options,
      )[7],
      1,
    );
    expect(
      rises(
        many((i) => i),
        options,
      )[7],
    ).toBeGreaterThan(none + 0.2);
  });

  test("who comes every day doesn't make an item rise", () => {
    const since = (days: number) => Array.from({ length: days }, (_, i) => ({ user: 1e6, item: 7, time: (60 - days + i) * DAY }));
    const trending = (rows: ReturnType<typeof since>) => {
      const source = new TrendingSource(taking, { window: DAY });
      source.observe(eventsOf([...history(), ...rows].sort((a, b) => a.time - b.time)));
      return [...source.candidates(sourceRequest(30, { now: 60 * DAY })).items];
    };
    expect(trending(since(40))).toEqual(trending([]));
  });

  test.each([
    ["purchase", { type: 1 }, { type: 2 }],
    ["view", { type: 0 }, { type: 3 }],
  ])("who takes a %s back doesn't count, in either order of arrival", (_, done, taker) => {
    const bought = many((i) => i).map((event) => ({ ...event, ...done }));
    const back = bought.map((event) => ({ ...event, ...taker, time: event.time + 500 }));
    const event = purchase[done.type];
    for (const options of [{ window: DAY }, { window: DAY, event }]) {
      const none = rises([], options);
      const both = rises([...bought, ...back], options);
      expect(rises(bought, options)[7]).toBeGreaterThan(both[7] + 0.4);
      // Without any event of the type, no item is known.
      expect(Math.abs(both[7] - none[7])).toBeLessThan(0.3);
      expect(Math.abs(rises([...back, ...bought], options)[7] - none[7])).toBeLessThan(0.3);
    }
  });
});
