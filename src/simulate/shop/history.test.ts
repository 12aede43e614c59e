import { describe, expect, test } from "vitest";
import { DAY, OPENING } from "../calendar.ts";
import { aisles, departments } from "./departments.ts";
import type { ShopLog } from "./history.ts";
import { shopLoad } from "./load.ts";
import { hourOf, weekdayOf } from "./seasons.ts";
import { eventTypes } from "./session.ts";
import { createShop } from "./shop.ts";
import { dot } from "./space.ts";

const [VIEW, , PURCHASE] = eventTypes.keys();
const year = { seed: 1, items: 400, visitors: 800, visitsPerDay: 150 };
const shop = createShop(year);
const log = shop.history(365);
const rows = Array.from({ length: log.length }, (_, i) => i);
const views = rows.filter((i) => log.type[i] === VIEW);
const purchases = rows.filter((i) => log.type[i] === PURCHASE);
const productOf = (i: number) => shop.items[log.item[i]];

describe("a year of the simulated shop", () => {
  test("is in time order, within the year, and the clock ends at its end", () => {
    expect(rows.slice(1).filter((i) => log.time[i] < log.time[i - 1])).toEqual([]);
    expect(log.time[0]).toBeGreaterThanOrEqual(OPENING);
    expect(shop.now).toBe(OPENING + 365 * DAY);
  });

  test("has a few views per visit, fewer carts and even fewer purchases", () => {
    const counts = eventTypes.map((_, type) => rows.filter((i) => log.type[i] === type).length);
    const visits = new Set(log.session).size;
    // The other visits had no views.
    expect(visits / (365 * year.visitsPerDay)).toBeGreaterThan(0.5);
    expect(counts[0] / visits).toBeGreaterThan(1.5);
    expect(counts[0] / visits).toBeLessThan(4);
    expect(counts[1] / counts[0]).toBeLessThan(0.2);
    expect(counts[2]).toBeLessThan(counts[1]);
    expect(counts[2] / counts[0]).toBeGreaterThan(0.02);
  });

  test("has a long tail of items and of visitors", () => {
    expect(share(countsOf(log.item), 0.1)).toBeGreaterThan(0.35);
    expect(share(countsOf(log.item), 0.1)).toBeLessThan(0.8);
    expect(1 - share(countsOf(log.item), 0.5)).toBeLessThan(0.2);
    expect(share(countsOf(log.user), 0.1)).toBeGreaterThan(0.3);
  });

  test("is busy in the evening, quiet at night and busiest on Sundays", () => {
    const hours = tally(24, views, (i) => hourOf(log.time[i]));
    expect(hours[20]).toBeGreaterThan(5 * hours[3]);
    const week = tally(7, views, (i) => weekdayOf(log.time[i]));
    expect(week.indexOf(Math.max(...week))).toBe(6);
  });

  test("has departments with preferred hours, weekends and months", () => {
    const rate = (department: string, when: (time: number) => boolean) => {
      const then = views.filter((i) => when(log.time[i]));
      return then.filter((i) => productOf(i).properties.category === department).length / then.length;
    };
    const month = (number: number) => (time: number) => new Date(time).getUTCMonth() + 1 === number;
    expect(rate("coffee and tea", (time) => hourOf(time) === 8)).toBeGreaterThan(
      1.4 * rate("coffee and tea", (time) => hourOf(time) === 20),
    );
    expect(rate("garden", (time) => weekdayOf(time) >= 5)).toBeGreaterThan(1.2 * rate("garden", (time) => weekdayOf(time) < 5));
    expect(rate("garden", month(5))).toBeGreaterThan(2 * rate("garden", month(11)));
    expect(rate("toys", month(12))).toBeGreaterThan(1.8 * rate("toys", month(6)));
  });

  test("has fads: some aisles rise to a multiple of their usual share, and fall again", () => {
    const weeks = aisles.map((_, aisle) =>
      tally(
        52,
        views.filter((i) => productOf(i).aisle === aisle),
        (i) => Math.min(51, Math.floor((log.time[i] - OPENING) / (7 * DAY))),
      ),
    );
    const all = tally(52, views, (i) => Math.min(51, Math.floor((log.time[i] - OPENING) / (7 * DAY))));
    const rising = weeks.filter((counts, aisle) => {
      if (departments[aisles[aisle].department].season !== undefined) return false;
      const shares = counts.map((count, week) => count / all[week]).sort((a, b) => a - b);
      return shares[50] > 2.5 * shares[26];
    });
    expect(rising.length).toBeGreaterThan(3);
  });

  test("shows new items more than old ones", () => {
    const young = [0, 0, 0];
    for (const i of views) {
      const { published } = productOf(i).properties;
      const age = (log.time[i] - published) / DAY;
      if (published >= OPENING && published < OPENING + 270 * DAY && age < 90) young[Math.floor(age / 30)]++;
    }
    expect(young[0]).toBeGreaterThan(1.3 * young[2]);
  });

  test("has items that come and go: nothing happens to them before or after", () => {
    expect(shop.items.length).toBeGreaterThan(year.items + 300);
    expect(rows.filter((i) => log.time[i] < productOf(i).properties.published)).toEqual([]);
    // A visit that started before midnight may end after it.
    expect(rows.filter((i) => log.time[i] >= productOf(i).ends + DAY / 8)).toEqual([]);
    const { arrived, ended } = shop.news();
    expect(arrived).toEqual(shop.items);
    expect(ended).toEqual(shop.items.filter(({ ends }) => ends <= shop.now).sort((a, b) => a.ends - b.ends || a.index - b.index));
    expect(ended.length).toBeGreaterThan(150);
    expect(shop.news()).toEqual({ arrived: [], ended: [] });
  });

  test("has guests who come once and new visitors who come back", () => {
    const sessions = shop.visitors.map(() => new Set<number>());
    for (const i of rows) sessions[log.user[i]].add(log.session[i]);
    const guests = shop.visitors.filter(({ guest }) => guest);
    const later = shop.visitors.filter(({ guest, joined }) => !guest && joined > OPENING);
    expect(guests.length).toBeGreaterThan(1000);
    for (const { index } of guests) expect(sessions[index].size).toBeLessThanOrEqual(1);
    expect(later.filter(({ index }) => sessions[index].size > 1).length).toBeGreaterThan(0.5 * later.length);
  });

  test("has missions: views in one visit share an aisle far more often than views in two visits of the same person", () => {
    let [same, pairs, sameLater, pairsLater] = [0, 0, 0, 0];
    const last = new Map<number, number>();
    for (const i of views) {
      const before = last.get(log.user[i]);
      last.set(log.user[i], i);
      if (before === undefined) continue;
      const match = productOf(i).aisle === productOf(before).aisle ? 1 : 0;
      if (log.session[i] === log.session[before]) [same, pairs] = [same + match, pairs + 1];
      else [sameLater, pairsLater] = [sameLater + match, pairsLater + 1];
    }
    expect(same / pairs).toBeGreaterThan(2 * (sameLater / pairsLater));
  });

  test("has people who view what they like", () => {
    const some = views.filter((_, n) => n % 20 === 0);
    const liked = some.map((i) => shop.truth.affinity(shop.visitors[log.user[i]].id, productOf(i).id, log.time[i]));
    const other = some.map((i, n) =>
      shop.truth.affinity(shop.visitors[log.user[i]].id, productOf(some[(n + 7) % some.length]).id, log.time[i]),
    );
    expect(mean(liked)).toBeGreaterThan(mean(other) + 1);
  });

  test("has people who are more price-sensitive than others", () => {
    const dearness = (from: number, to: number) =>
      mean(
        purchases
          .filter((i) => shop.visitors[log.user[i]].thrift >= from && shop.visitors[log.user[i]].thrift < to)
          .map((i) => productOf(i).dearness),
      );
    expect(dearness(0.6, 1)).toBeLessThan(dearness(0, 0.4));
    for (const i of purchases) expect(log.value[i]).toBeCloseTo(productOf(i).properties.price, 3);
  });

  test("has consumables that are bought again when used up, and durables that are not", () => {
    const gaps: number[] = [];
    const again = { consumable: 0, durable: 0 };
    const bought = new Map<string, number>();
    for (const i of purchases) {
      const key = `${log.user[i]} ${log.item[i]}`;
      const before = bought.get(key);
      bought.set(key, log.time[i]);
      const { lasts } = departments[productOf(i).department];
      if (before === undefined) continue;
      again[lasts === undefined ? "durable" : "consumable"]++;
      if (lasts !== undefined) gaps.push((log.time[i] - before) / (lasts * DAY));
    }
    expect(again.consumable).toBeGreaterThan(200);
    expect(again.durable).toBeLessThan(0.05 * again.consumable);
    expect(gaps.filter((gap) => gap > 0.75 && gap < 3.1).length).toBeGreaterThan(0.8 * gaps.length);
  });
});

test("visible properties reveal much of what an item is like, but not everything", () => {
  const pairs = { aisle: [] as number[], department: [] as number[], other: [] as number[] };
  for (const a of shop.items)
    for (const b of shop.items.slice(a.index + 1))
      pairs[a.aisle === b.aisle ? "aisle" : a.department === b.department ? "department" : "other"].push(dot(a.character, b.character));
  expect(mean(pairs.aisle)).toBeGreaterThan(mean(pairs.department) + 0.05);
  expect(mean(pairs.department)).toBeGreaterThan(mean(pairs.other) + 0.2);
  expect(mean(pairs.aisle)).toBeLessThan(0.8);
});

test("the same seed gives the same log; another seed gives another", () => {
  const record = (seed: number) => createShop({ ...year, seed }).history(10);
  expect(record(1)).toEqual(record(1));
  expect(record(2).item).not.toEqual(record(1).item);
});

test("the year is the same whether it is simulated at once or in parts", () => {
  const parts = createShop(year);
  const [first, second] = [parts.history(4), parts.history(4)];
  expect(first.length + second.length).toBeGreaterThan(1000);
  expect(second.time[0]).toBeGreaterThanOrEqual(OPENING + 4 * DAY);
  expect(new Set([...first.session, ...second.session]).size).toBe(new Set(first.session).size + new Set(second.session).size);
});

test("rows are the columns with ids", () => {
  const small = createShop({ items: 50, visitors: 30 });
  const columns = small.history(3);
  const events = [...small.rows(columns)];
  expect(events.length).toBe(columns.length);
  events.forEach((event, i) => {
    expect(event.user).toBe(small.visitors[columns.user[i]].id);
    expect(event.item).toBe(small.items[columns.item[i]].id);
    expect(event.type).toBe(eventTypes[columns.type[i]]);
    expect(event.time).toBe(columns.time[i]);
    expect(event.value === undefined).toBe(event.type !== "purchase");
  });
});

test("ids and titles are unique", () => {
  expect(new Set(shop.items.map(({ id }) => id)).size).toBe(shop.items.length);
  expect(new Set(shop.items.map(({ properties }) => properties.title)).size).toBe(shop.items.length);
  expect(new Set(shop.visitors.map(({ id }) => id)).size).toBe(shop.visitors.length);
});

test("a load has exactly the requested size", () => {
  const { shop, log } = shopLoad({ items: 3000, visitors: 2000, events: 30_000, seed: 4 });
  expect(shop.items.length).toBe(3000);
  for (const column of columnsOf(log)) expect(column.length).toBe(30_000);
  expect(Math.max(...log.item)).toBeLessThan(3000);
});

function columnsOf({ user, item, type, value, time, session }: ShopLog) {
  return [user, item, type, value, time, session];
}

function countsOf(indices: Uint32Array): number[] {
  return tally(Math.max(...new Set(indices)) + 1, Array.from(indices), (index) => index);
}

function tally(size: number, of: readonly number[], by: (i: number) => number): number[] {
  const counts = new Array<number>(size).fill(0);
  for (const i of of) counts[by(i)]++;
  return counts;
}

/** Share of the total that the largest part has. */
function share(counts: readonly number[], part: number): number {
  const sorted = [...counts].sort((a, b) => b - a);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return sum(sorted.slice(0, Math.round(part * sorted.length))) / sum(sorted);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
