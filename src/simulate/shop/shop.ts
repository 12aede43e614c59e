import { RecoError } from "../../util/errors.ts";
import { Random } from "../../util/random.ts";
import { DAY, OPENING } from "../calendar.ts";
import { Appetite, affinity } from "./appetite.ts";
import { aisles } from "./departments.ts";
import { recordHistory, type ShopLog } from "./history.ts";
import type { Mission } from "./mission.ts";
import type { Product } from "./products.ts";
import { traffic } from "./seasons.ts";
import { eventTypes } from "./session.ts";
import type { Shopper } from "./shoppers.ts";
import { happen, type Recommend, type ShopEvent, type Visit, type VisitOptions } from "./visit.ts";
import { World } from "./world.ts";

export interface ShopOptions {
  /** The same seed gives the same world, 1 by default. */
  readonly seed?: number;
  /** Items on sale at the opening, 1,000 by default. */
  readonly items?: number;
  /** People who know the shop at the opening, 2,000 by default. */
  readonly visitors?: number;
  /** Visits per average day; a quarter of `visitors` by default. */
  readonly visitsPerDay?: number;
  /** Items that arrive per average day; 1 per 300 of `items` by default. About as many leave. */
  readonly newItemsPerDay?: number;
  /** How fast tastes turn: 1 as usual (three in ten people change completely in two years), 0 not at all, 10 within weeks. */
  readonly drift?: number;
  /** When it opens, milliseconds since 1970; January 1, 2024 by default. */
  readonly start?: number;
}

/** The truth of a simulated shop, hidden from every recommender. Times are milliseconds since 1970, by default the shop's clock. */
export interface ShopTruth {
  /**
   * How much a visitor likes an item: usually between -2 (no) and 5 (a favorite), with 0 for indifferent. Excludes what they are looking for on one
   * visit and what they already have.
   *
   * @throws RecoError `unknown-user`, `unknown-item`
   */
  affinity(visitor: string, item: string, time?: number): number;
  /**
   * The probability, for each place of a list, that a visitor clicks there: the place is looked at (`examination`), and the item in it appeals. The
   * sum is the expected number of clicks.
   *
   * @param mission name of the aisle that they came for; just browsing if omitted
   * @throws RecoError `unknown-user`, `unknown-item`, `bad-input` for an unknown aisle
   */
  clickProbabilities(
    visitor: string,
    items: readonly string[],
    options?: { readonly time?: number; readonly mission?: string },
  ): Float64Array;
}

/** A simulated shop that advances in time and whose visitors react to what they are shown. */
export interface Shop {
  /** Every item that ever existed, by index. */
  readonly items: readonly Product[];
  /** Everyone who ever came, by index, including guests. */
  readonly visitors: readonly Shopper[];
  /** The clock, milliseconds since 1970. */
  readonly now: number;
  readonly truth: ShopTruth;
  /**
   * Simulates the next days without a recommender: people come across products in the aisles, or on a shelf of popular products that is the same for
   * everyone. Afterwards the clock is at the end of these days.
   *
   * @param limits ends after the visit that completes this many `events`
   * @throws RecoError `bad-input`
   */
  history(days: number, limits?: { readonly events?: number }): ShopLog;
  /** Events of a log, one by one, in the format that the server accepts. */
  rows(log: ShopLog): Iterable<ShopEvent>;
  /**
   * A visitor comes, is shown the lists that `recommend` returns, and clicks, browses and buys according to the truth. Who comes, what for and with
   * what luck depends only on the seed and the number of the visit. So you can serve two shops with the same seed differently and compare them visit
   * by visit.
   *
   * @throws RecoError `bad-input` for a time before the clock
   */
  visit(recommend: Recommend, options?: VisitOptions): Promise<Visit>;
  /** Advances the clock without visitors. @throws RecoError `bad-input` for a time before the clock */
  advance(time: number): void;
  /** Items that arrived and left since the last call; on the first call, all items so far. */
  news(): { readonly arrived: readonly Product[]; readonly ended: readonly Product[] };
  /** Puts new items on sale now. */
  publish(count: number): readonly Product[];
  /** Abruptly changes the taste of a share of the visitors. */
  changeTastes(share: number): void;
  /** Ids of the recently most viewed items, best first, at most 100: what a shop without a recommender shows on its shelf. */
  popular(k: number): string[];
}

/**
 * A shop with a known truth, generated from a seed without any real data: tastes that drift, fads that rise and fade, seasons by hour, weekday and
 * month, items that come and go, new visitors and guests, visits with a mission narrower than the taste, visitors with different price sensitivity,
 * consumables that are bought again, and lists whose top places get the most attention. So you can measure whether a recommender that learns from
 * its own impressions really finds what people like.
 *
 * Clicks follow the position-based model (Craswell et al. 2008), choices in the aisles a conditional logit (McFadden 1974).
 *
 * @throws RecoError `bad-input` for a number outside its range
 * @example
 * ```ts
 * import { createShop } from "recobase/simulate";
 * const shop = createShop({ items: 200, visitors: 100, seed: 7 });
 * const log = shop.history(14);
 * log.time.length === log.length; // true
 * const visit = await shop.visit(({ k }) => ({ id: "r1", items: shop.popular(k) }));
 * visit.pages[0].shown.items.length; // 10
 * ```
 */
export function createShop(options: ShopOptions = {}): Shop {
  const { seed = 1, items = 1000, visitors = 2000, drift = 1, start = OPENING } = options;
  const { visitsPerDay = visitors / 4, newItemsPerDay = items / 300 } = options;
  atLeast(1, { items, visitors });
  atLeast(0, { visitsPerDay, newItemsPerDay, drift });
  if (!Number.isInteger(items) || !Number.isInteger(visitors))
    throw new RecoError("bad-input", "items and visitors must be whole numbers.");
  const world = new World({ seed, items, visitors, visitsPerDay, newItemsPerDay, drift, start });
  const itemIndex = new IndexById(world.assortment.products);
  const visitorIndex = new IndexById(world.shoppers);
  const gaps = new Random(seed).split(7);
  const changes = new Random(seed).split(8);
  const notBefore = (time: number) => {
    if (!(time >= world.now)) throw new RecoError("bad-input", `The time ${time} is before the shop's clock, ${world.now}.`);
    return time;
  };
  const shopperOf = (id: string) => world.shoppers[visitorIndex.require(id, "unknown-user", "visitor")];
  const productOf = (id: string) => itemIndex.require(id, "unknown-item", "item");

  return {
    items: world.assortment.products,
    visitors: world.shoppers,
    get now() {
      return world.now;
    },
    truth: {
      affinity: (visitor, item, time = world.now) => affinity(shopperOf(visitor), productOf(item), time, world.assortment),
      clickProbabilities(visitor, list, { time = world.now, mission } = {}) {
        const appetite = new Appetite(shopperOf(visitor), time, missionOf(mission), world.assortment);
        return Float64Array.from(list, (item, place) => appetite.click(productOf(item), place));
      },
    },
    history(days, { events = Number.POSITIVE_INFINITY } = {}) {
      atLeast(1, { days, events });
      return recordHistory(world, Math.ceil(days), events);
    },
    *rows(log) {
      for (let i = 0; i < log.length; i++) {
        const type = eventTypes[log.type[i]];
        yield {
          user: world.shoppers[log.user[i]].id,
          item: world.assortment.products[log.item[i]].id,
          type,
          ...(type === "purchase" ? { value: log.value[i] } : {}),
          time: log.time[i],
          session: `session-${log.session[i] + 1}`,
        };
      }
    },
    async visit(recommend, options = {}) {
      const { visitsPerDay } = world.options;
      const gap = -Math.log(1 - gaps.uniform()) / (visitsPerDay * traffic(world.now));
      const arrival = world.arrive(notBefore(options.time ?? world.now + Math.ceil(gap * DAY)));
      return happen(world, arrival, recommend, (id) => itemIndex.indexOf(id), options);
    },
    advance: (time) => world.advance(notBefore(time)),
    news: () => world.news(),
    publish: (count) => world.publish(count),
    changeTastes(share) {
      for (const shopper of world.shoppers) if (changes.uniform() < share && shopper.changed > world.now) shopper.changed = world.now;
    },
    popular: (k) => world.shelves.popular(k).map((index) => world.assortment.products[index].id),
  };
}

function missionOf(name: string | undefined): Mission | undefined {
  if (name === undefined) return undefined;
  const aisle = aisles.findIndex((candidate) => candidate.name === name);
  if (aisle < 0) throw new RecoError("bad-input", `Unknown aisle: ${name}. Available: ${aisles.map((one) => one.name).join(", ")}.`);
  return { aisle, department: aisles[aisle].department };
}

function atLeast(least: number, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values))
    if (!(value >= least)) throw new RecoError("bad-input", `${name} is ${value}; it must be at least ${least}.`);
}

/** Finds things by id in a list that only grows. */
class IndexById {
  private readonly things: readonly { readonly id: string }[];
  private readonly known = new Map<string, number>();

  constructor(things: readonly { readonly id: string }[]) {
    this.things = things;
  }

  /** -1 for an unknown id. */
  indexOf(id: string): number {
    while (this.known.size < this.things.length) this.known.set(this.things[this.known.size].id, this.known.size);
    return this.known.get(id) ?? -1;
  }

  require(id: string, code: "unknown-user" | "unknown-item", what: string): number {
    const index = this.indexOf(id);
    if (index < 0) throw new RecoError(code, `The shop has no ${what} ${id}.`);
    return index;
  }
}
