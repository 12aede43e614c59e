import { describe, expect, test } from "vitest";
import { Random } from "../../util/random.ts";
import { DAY, OPENING } from "../calendar.ts";
import { examination } from "../examination.ts";
import { createShop, type Shop } from "./shop.ts";
import type { Recommend, ShopEvent, Visit } from "./visit.ts";

const size = { items: 300, visitors: 400, visitsPerDay: 2000 };

/** The same ten popular items in a new order on every page. */
function shuffled(shop: Shop, seed: number): Recommend {
  const random = new Random(seed);
  let pages = 0;
  return ({ k }) => ({ id: `page-${pages++}`, items: random.shuffle(shop.popular(k)) });
}

async function visits(shop: Shop, count: number, recommend: Recommend): Promise<Visit[]> {
  const all: Visit[] = [];
  for (let i = 0; i < count; i++) all.push(await shop.visit(recommend));
  return all;
}

describe("clicks", () => {
  const shop = createShop(size);
  shop.history(2);
  const happened = visits(shop, 6000, shuffled(shop, 1));

  test("decrease along the list like examination", async () => {
    const pages = (await happened).flatMap(({ pages }) => pages);
    const clicks = new Array<number>(10).fill(0);
    for (const page of pages) for (const place of page.clicks) clicks[place]++;
    const expected = Array.from(clicks, (_, place) => (clicks[0] * examination(place)) / examination(0));
    expect(clicks[0] / clicks[9]).toBeGreaterThan(3.5);
    expect(clicks[0] / clicks[9]).toBeLessThan(7.5);
    clicks.forEach((count, place) => {
      expect(count / expected[place]).toBeGreaterThan(0.75);
      expect(count / expected[place]).toBeLessThan(1.25);
    });
  });

  test("are as frequent as their true probability", async () => {
    let [clicks, expected, variance] = [0, 0, 0];
    for (const { pages } of await happened)
      for (const page of pages) {
        clicks += page.clicks.length;
        for (const p of page.clickProbabilities(page.shown.items)) [expected, variance] = [expected + p, variance + p * (1 - p)];
      }
    expect(expected).toBeGreaterThan(1000);
    expect(Math.abs(clicks - expected)).toBeLessThan(4 * Math.sqrt(variance));
  });

  test("carry the list's id, as do the cart and purchase events that follow; what is found in the aisles doesn't", async () => {
    for (const { pages, events } of await happened) {
      const ofLists = events.filter(({ recommendation }) => recommendation !== undefined);
      for (const page of pages) {
        const viewed = ofLists.filter(({ type, recommendation }) => type === "view" && recommendation === page.shown.id);
        expect(viewed.map(({ item }) => item)).toEqual(page.clicks.map((place) => page.shown.items[place]));
      }
      for (const event of ofLists.filter(({ type }) => type !== "view"))
        expect(
          ofLists.some(
            ({ type, item, recommendation }) => type === "view" && item === event.item && recommendation === event.recommendation,
          ),
        ).toBe(true);
    }
    expect(
      (await happened).flatMap(({ events }) => events).filter(({ recommendation }) => recommendation === undefined).length,
    ).toBeGreaterThan(1000);
  });
});

test("visitors come for the same thing and with the same luck, whatever they are shown", async () => {
  const [one, other] = [createShop(size), createShop(size)];
  const first = await visits(one, 300, shuffled(one, 1));
  const second = await visits(other, 300, () => ({ items: [] }));
  const course = ({ visitor, mission, session, pages }: Visit) => ({ visitor, mission, session, pages: pages.length });
  expect(second.map(course)).toEqual(first.map(course));
  expect(other.now).toBe(one.now);
  // Shown the same lists, they do the same things.
  const same = createShop(size);
  expect((await visits(same, 300, shuffled(same, 1))).map(({ events }) => events)).toEqual(first.map(({ events }) => events));
});

test("on a mission, items of its aisle are clicked more than by someone just browsing", () => {
  const shop = createShop(size);
  const [visitor] = shop.visitors;
  const item = shop.items[0];
  const other = shop.items.find(({ department }) => department !== item.department) ?? item;
  const [aisle] = item.properties.tags;
  const mission = aisle.replace(/(^| )./g, (letter) => letter.toUpperCase());
  const list = [item.id, other.id];
  const looking = shop.truth.clickProbabilities(visitor.id, list);
  const coming = shop.truth.clickProbabilities(visitor.id, list, { mission });
  expect(coming[0]).toBeGreaterThan(looking[0]);
  expect(coming[1]).toBeLessThan(looking[1]);
});

test("lists of liked items are clicked many times as often as popular ones, and those more than random ones", async () => {
  const shop = createShop(size);
  shop.history(3);
  const onSale = shop.items.filter(({ ends }) => ends > shop.now + DAY).map(({ id }) => id);
  const best = (visitor: string) =>
    [...onSale].sort((a, b) => shop.truth.affinity(visitor, b) - shop.truth.affinity(visitor, a)).slice(0, 10);
  let [liked, popular, any] = [0, 0, 0];
  for (const visit of await visits(shop, 150, shuffled(shop, 2))) {
    const [page] = visit.pages;
    const clicks = (items: readonly string[]) => page.clickProbabilities(items).reduce((sum, p) => sum + p, 0);
    liked += clicks(best(visit.visitor));
    popular += clicks(shop.popular(10));
    any += clicks(onSale.slice(0, 10));
  }
  expect(liked).toBeGreaterThan(2 * popular);
  expect(popular).toBeGreaterThan(1.3 * any);
});

test("tastes turn with drift, but not without", () => {
  const change = (drift: number) => {
    const shop = createShop({ ...size, drift });
    const later = shop.now + 365 * DAY;
    const moves = shop.visitors.slice(0, 100).map(({ id }) =>
      // Fashion and season are the same for everyone, so the difference of two items reflects only taste.
      Math.abs(difference(shop, id, shop.now) - difference(shop, id, later)),
    );
    return moves.reduce((sum, move) => sum + move, 0) / moves.length;
  };
  const [none, usual, fast] = [change(0), change(1), change(5)];
  expect(usual).toBeGreaterThan(none + 0.1);
  expect(fast).toBeGreaterThan(usual + 0.3);
});

test("tastes can change abruptly", () => {
  const shop = createShop(size);
  const time = shop.now + DAY / 2;
  shop.advance(time);
  const liking = (at: number) => shop.visitors.map(({ id }) => shop.truth.affinity(id, shop.items[0].id, at));
  const before = liking(time);
  shop.changeTastes(0.5);
  const after = liking(time);
  const changed = after.filter((liked, i) => Math.abs(liked - before[i]) > 1e-6);
  expect(changed.length / shop.visitors.length).toBeGreaterThan(0.4);
  expect(changed.length / shop.visitors.length).toBeLessThan(0.6);
  // The past doesn't change.
  liking(time - 1).forEach((liked, i) => {
    expect(liked).toBeCloseTo(before[i], 6);
  });
});

test("a new item is available immediately, and one that is no longer sold is never clicked", async () => {
  const shop = createShop(size);
  shop.news();
  const made = shop.publish(3);
  expect(shop.news().arrived).toEqual(made);
  const fresh = await visits(shop, 400, () => ({ id: "new", items: made.map(({ id }) => id) }));
  expect(fresh.flatMap(({ pages }) => pages).some(({ clicks }) => clicks.length > 0)).toBe(true);
  shop.advance(Math.max(...made.map(({ ends }) => ends)));
  const late = await visits(shop, 400, () => ({ id: "new", items: made.map(({ id }) => id) }));
  expect(late.flatMap(({ pages }) => pages).some(({ clicks }) => clicks.length > 0)).toBe(false);
});

test("events are sent page by page, before the next list is requested", async () => {
  const shop = createShop(size);
  for (let i = 0; i < 100; i++) {
    const sent: ShopEvent[] = [];
    const visit = await shop.visit(
      ({ history, visitor, session }) => {
        expect(history).toEqual(sent);
        expect(history.every((event) => event.session === session && (visitor === undefined || event.user === visitor))).toBe(true);
        return Promise.resolve({ items: shop.popular(10) });
      },
      { send: async (events) => void sent.push(...events) },
    );
    expect(sent).toEqual(visit.events);
    expect(visit.pages[0].request.visitor).toBe(visit.guest ? undefined : visit.visitor);
  }
});

test("visitors come at the given time, act at the given pace, and ignore items the shop doesn't have", async () => {
  const shop = createShop(size);
  const time = OPENING + 3 * DAY + 12_345;
  const visit = await shop.visit(() => ({ items: ["no such thing", ...shop.popular(5)] }), { time, pace: 1000 });
  expect(visit.pages[0].request.time).toBe(time);
  expect(shop.now).toBe(time);
  for (const event of visit.events) expect(event.time - time).toBeLessThan(2000);
  expect(visit.pages[0].clickProbabilities(["no such thing"])[0]).toBe(0);
});

test("rejects numbers out of range, unknown ids and past times", async () => {
  expect(() => createShop({ items: 0 })).toThrow("items is 0; it must be at least 1.");
  expect(() => createShop({ drift: -1 })).toThrow("drift is -1");
  expect(() => createShop({ visitors: 1.5 })).toThrow("whole numbers");
  const shop = createShop({ items: 20, visitors: 20 });
  expect(() => shop.history(0)).toThrow("days is 0");
  expect(() => shop.truth.affinity("nobody", shop.items[0].id)).toThrow("no visitor nobody");
  expect(() => shop.truth.affinity("visitor-1", "nothing")).toThrow("no item nothing");
  expect(() => shop.truth.clickProbabilities("visitor-1", [], { mission: "Nonsense" })).toThrow("Unknown aisle: Nonsense.");
  expect(() => shop.advance(shop.now - 1)).toThrow("before the shop's clock");
  await expect(shop.visit(() => ({ items: [] }), { time: 0 })).rejects.toThrow("before the shop's clock");
});

function difference(shop: Shop, visitor: string, time: number): number {
  // From one department, so that the season is the same for both.
  const [first] = shop.items;
  const second = shop.items.find((item) => item.department === first.department && item.index !== first.index) ?? first;
  const standing = shop.visitors.reduce(
    (sum, { id }) => sum + shop.truth.affinity(id, first.id, time) - shop.truth.affinity(id, second.id, time),
    0,
  );
  return shop.truth.affinity(visitor, first.id, time) - shop.truth.affinity(visitor, second.id, time) - standing / shop.visitors.length;
}
