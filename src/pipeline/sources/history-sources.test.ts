import { describe, expect, test } from "vitest";
import type { UserEvents } from "../../data/event-columns.ts";
import { Random } from "../../util/random.ts";
import type { EventWeights } from "../event-weights.ts";
import type { CatalogView } from "../source.ts";
import { eventsOf, sourceRequest } from "../testing/requests.ts";
import { BuyAgainSource } from "./buy-again.ts";
import { NewestSource } from "./newest.ts";
import { RecentlyViewedSource } from "./recently-viewed.ts";

const DAY = 86_400_000;
const weights: EventWeights = { types: ["view", "purchase"], of: (type) => [1, 5][type] };

/** What one user did, newest first, from rows in the order in which they happened. */
function recentOf(rows: readonly { readonly item: number; readonly time: number; readonly type?: number }[]): UserEvents {
  return eventsOf(rows.toReversed());
}

describe("recently viewed", () => {
  const recent = recentOf([
    { item: 4, time: 1 },
    { item: 2, time: 2 },
    { item: 9, time: 3, type: 1 },
    { item: 4, time: 4 },
    { item: 1, time: 5 },
  ]);

  test("returns each allowed item once, newest first", () => {
    const allowed = new Uint8Array(10).fill(1);
    allowed[1] = 0;
    const { items, scores } = new RecentlyViewedSource(weights).candidates(sourceRequest(10, { recent, allowed }));
    expect([...items]).toEqual([4, 9, 2]);
    expect([...scores]).toEqual([1, 0.5, Math.fround(1 / 3)]);
  });

  test("can be limited to one event type, even one that first appears later", () => {
    const types = ["view"];
    const source = new RecentlyViewedSource({ types, of: () => 1 }, { event: "purchase" });
    expect(source.candidates(sourceRequest(10, { recent })).items).toHaveLength(0);
    types.push("purchase");
    expect([...source.candidates(sourceRequest(10, { recent })).items]).toEqual([9]);
  });
});

describe("newest", () => {
  function catalogOf(firstSeen: readonly number[], released: readonly number[] = []) {
    return {
      size: firstSeen.length,
      version: 1,
      firstSeen: Float64Array.from(firstSeen),
      columns: { released: { type: "time" as const, values: Float64Array.from(released) } },
    };
  }

  test("sorts by the time an item was first seen and skips items without one", () => {
    const source = new NewestSource(catalogOf([3 * DAY, Number.NaN, 9 * DAY, 5 * DAY]));
    const { items, scores } = source.candidates(sourceRequest(4, { now: 10 * DAY }));
    expect([...items]).toEqual([2, 3, 0]);
    expect([...scores]).toEqual([0.5, 1 / 6, 1 / 8].map(Math.fround));
  });

  test("can sort by a property, and skips future times", () => {
    const source = new NewestSource(catalogOf([0, 0, 0], [3, 50, 7]), { by: "released" });
    expect([...source.candidates(sourceRequest(3, { now: 10 })).items]).toEqual([2, 0]);
    expect([...source.candidates(sourceRequest(3, { now: 60 })).items]).toEqual([1, 2, 0]);
    expect(new NewestSource(catalogOf([0]), { by: "gone" }).candidates(sourceRequest(1)).items).toHaveLength(0);
  });

  test("follows the catalog: new items and changed times", () => {
    const catalog: { -readonly [K in keyof CatalogView]: CatalogView[K] } = catalogOf([3, 1, 2]);
    const source = new NewestSource(catalog);
    const order = () => [...source.candidates(sourceRequest(9, { now: 10 })).items];
    expect(order()).toEqual([0, 2, 1]);
    catalog.firstSeen = Float64Array.of(3, 1, 0, 7, 5);
    catalog.size = 5;
    catalog.version = 2;
    expect(order()).toEqual([3, 4, 0, 1, 2]);
  });

  test("ranks the list in the request", () => {
    const source = new NewestSource(catalogOf([3, 1, 2, 8]));
    const only = Uint32Array.of(1, 2);
    const allowed = Uint8Array.of(0, 1, 1, 0);
    expect([...source.candidates(sourceRequest(4, { now: 10, only, allowed })).items]).toEqual([2, 1]);
  });
});

describe("buy again", () => {
  // Item 0, coffee, is bought every 10 days or so; item 1, soap, every 60; item 2, a lamp, once.
  const random = new Random(4);
  const purchases: { user: number; item: number; time: number; type: number }[] = [];
  for (let user = 0; user < 60; user++) {
    for (const [item, days] of [
      [0, 10],
      [1, 60],
    ])
      for (let time = random.uniform() * days * DAY; time < 300 * DAY; time += days * DAY * Math.exp(0.2 * random.normal()))
        purchases.push({ user, item, time, type: 1 });
    purchases.push({ user, item: 2, time: random.uniform() * 300 * DAY, type: 1 });
  }
  purchases.sort((a, b) => a.time - b.time);
  const source = new BuyAgainSource(weights);
  source.observe(eventsOf([{ user: 1, item: 2, time: 0 }, ...purchases]));
  const now = 400 * DAY;
  const bought = (item: number, ...daysAgo: number[]) => daysAgo.map((days) => ({ item, time: now - days * DAY, type: 1 }));
  const named = (...rows: { item: number; time: number; type: number }[]) => {
    const recent = recentOf(rows.sort((a, b) => a.time - b.time));
    return [...source.candidates(sourceRequest(5, { recent, now })).items];
  };

  test("returns items due by their usual interval, not items nobody buys twice", () => {
    expect(named(...bought(0, 10), ...bought(1, 10), ...bought(2, 10))).toEqual([0]);
    expect(named(...bought(0, 60), ...bought(1, 60), ...bought(2, 60))[0]).toBe(1);
    expect(named(...bought(0, 0.5))).toEqual([]);
  });

  test("uses the user's own interval if there is one", () => {
    // Somebody who takes 40 days for their coffee: after 10 it is not due.
    expect(named(...bought(0, 170, 130, 90, 50, 10), ...bought(1, 40))).toEqual([1]);
    expect(named(...bought(0, 200, 160, 120, 80, 40))).toEqual([0]);
  });

  test("views don't count as purchases", () => {
    expect(named({ item: 0, time: now - 10 * DAY, type: 0 })).toEqual([]);
  });

  test("learns the same intervals from purchases that arrive newest first", () => {
    const reversed = new BuyAgainSource(weights);
    reversed.observe(eventsOf(purchases.toReversed()));
    const straight = new BuyAgainSource(weights);
    straight.observe(eventsOf(purchases));
    const recent = recentOf([...bought(1, 60), ...bought(0, 10)]);
    const [one, other] = [reversed, straight].map((learned) => learned.candidates(sourceRequest(5, { recent, now })));
    expect([...one.items]).toEqual([...other.items]);
    one.scores.forEach((score, i) => {
      expect(score).toBeCloseTo(other.scores[i], 5);
    });
  });

  test("returned purchases don't count, neither the user's own nor those of others", () => {
    const types = ["view", "purchase", "return"];
    const taking: EventWeights = {
      types,
      of: (type) => [1, 5, -1][type],
      undoes: (type, other) => type === 2 && other === 1,
    };
    const soapReturned = new BuyAgainSource(taking);
    // Everybody returns every soap at once, some of it told before the purchase.
    const returns = purchases.filter(({ item }) => item === 1).map((event) => ({ ...event, time: event.time + 1, type: 2 }));
    soapReturned.observe(eventsOf(returns.slice(0, 20)));
    soapReturned.observe(eventsOf([...purchases, ...returns.slice(20)].sort((a, b) => a.time - b.time)));
    const without = new BuyAgainSource(taking);
    without.observe(eventsOf(purchases.filter(({ item }) => item !== 1)));
    const recent = recentOf([...bought(1, 10), ...bought(0, 10)]);
    const [one, other] = [soapReturned, without].map((learned) => learned.candidates(sourceRequest(5, { recent, now })));
    expect([...one.items]).toEqual([...other.items]);
    one.scores.forEach((score, i) => {
      expect(score).toBeCloseTo(other.scores[i], 5);
    });
    const own = recentOf([...bought(0, 10), { item: 0, time: now - 9 * DAY, type: 2 }]);
    expect(soapReturned.candidates(sourceRequest(5, { recent: own, now })).items).toHaveLength(0);
  });

  test("switches to a stronger event type when it first appears", () => {
    const types = ["view"];
    const growing = new BuyAgainSource({ types, of: (type) => [1, 5][type] });
    growing.observe(eventsOf(purchases.map((event) => ({ ...event, type: 0 }))));
    types.push("purchase");
    growing.observe(eventsOf(purchases));
    const recent = recentOf(bought(0, 10));
    expect([...growing.candidates(sourceRequest(5, { recent, now })).items]).toEqual([0]);
  });
});
