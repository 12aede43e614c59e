import { Random } from "../../util/random.ts";
import { DAY } from "../calendar.ts";
import { examination } from "../examination.ts";
import { type Appetite, sigmoid } from "./appetite.ts";
import type { Assortment } from "./assortment.ts";
import { departments } from "./departments.ts";
import type { Product } from "./products.ts";
import type { Shelves } from "./shelves.ts";

/** What visitors do with products: the `type` of events. */
export const eventTypes = ["view", "cart", "purchase"] as const;
export type EventType = (typeof eventTypes)[number];
const [VIEW, CART, PURCHASE] = [0, 1, 2];

/** Products on an aisle page. */
const PAGE = 8;
/** The utility of choosing nothing from an aisle page. */
const NOTHING = 6.5;
/** Probabilities that a page with a list is followed by another, that it is followed by an aisle page, and that an aisle page is followed by another. */
const STAY = 0.55;
const BROWSE = 0.8;
const FURTHER = 0.5;
/** Probability that someone looks for a product that has run out at home. */
const RESTOCK = 0.4;
/** Utility at which a product is put into the cart half of the time, and then bought half of the time. Spending has a higher bar than looking. */
const CART_RESERVE = 7.5;
const PURCHASE_RESERVE = 5;
/** Multiple of the usual time after which a used-up product is not bought again. */
const FORGOTTEN = 3;
const SECOND = 1000;

/** A page that requests a list. */
export interface ListPage {
  /** From 0. */
  readonly number: number;
  readonly time: number;
  readonly appetite: Appetite;
  /** Products opened so far in this session; they aren't clicked again. */
  readonly opened: ReadonlySet<number>;
  /** The last product opened; -1 before the first. */
  readonly last: number;
}

/** Called for each event. `place` is the position in the list shown (from 0), or -1 for a product found otherwise. */
export type Record = (type: number, product: Product, time: number, place: number) => void;

/** The environment of a session. */
export interface Surroundings {
  readonly assortment: Assortment;
  readonly shelves: Shelves;
  /** How many times faster than usual people act. */
  readonly pace: number;
  readonly record: Record;
}

/**
 * One session of one visitor. Yields whenever a page requests a list, and receives product indices in display order (-1 for unknown products). Each is
 * clicked with the probability of the position-based model (`Appetite.click`), independently of the others. In addition, people buy what is used
 * up, and choose among products they come across in the aisles by a conditional logit (McFadden 1974).
 *
 * Every page has its own random numbers, one per place. So the same session under two recommenders differs only in what they show (common random
 * numbers), and its length doesn't depend on them.
 */
export function* session(appetite: Appetite, around: Surroundings, seed: number): Generator<ListPage, void, ArrayLike<number>> {
  const { assortment, shelves, pace, record } = around;
  const { products } = assortment;
  const { shopper } = appetite;
  const base = new Random(seed);
  const course = base.split(0);
  const opened = new Set<number>();
  let time = appetite.time;
  let last = -1;

  const wait = (seconds: number) => {
    time += Math.round((seconds * SECOND) / pace);
  };
  const buy = (product: Product, place: number) => {
    record(PURCHASE, product, time, place);
    shopper.bought.set(product.index, time);
    wait(20);
  };
  const open = (product: Product, place: number, random: Random) => {
    opened.add(product.index);
    last = product.index;
    record(VIEW, product, time, place);
    // Clicks on a list don't count toward popularity; otherwise the shelf would reinforce itself.
    if (place < 0) shelves.viewed(product.index);
    wait(15 + 45 * random.uniform());
    const utility = appetite.utility(product.index);
    const [first, second] = [random.uniform(), random.uniform()];
    if (first >= sigmoid(utility - CART_RESERVE)) return;
    record(CART, product, time, place);
    wait(10 + 20 * random.uniform());
    if (second < sigmoid(utility - PURCHASE_RESERVE)) buy(product, place);
  };

  for (const product of usedUp(appetite, products, course)) {
    opened.add(product.index);
    record(VIEW, product, time, -1);
    shelves.viewed(product.index);
    wait(5);
    record(CART, product, time, -1);
    wait(5);
    buy(product, -1);
  }
  for (let page = 0; page === 0 || course.uniform() < STAY; page++) {
    const looks = base.split(3 * page + 1);
    const list = yield { number: page, time, appetite, opened, last };
    wait(3 + 7 * course.uniform());
    const clicked: number[] = [];
    for (let place = 0; place < list.length; place++) {
      const look = looks.uniform();
      const product = list[place];
      if (product < 0 || opened.has(product) || look >= examination(place)) continue;
      if (look < appetite.click(product, place)) clicked.push(place);
    }
    const deeds = base.split(3 * page + 2);
    for (const place of clicked) open(products[list[place]], place, deeds);

    const random = base.split(3 * page + 3);
    for (let likely = BROWSE; random.uniform() < likely; likely = FURTHER) {
      wait(5 + 10 * random.uniform());
      const found = shelves.browse(appetite.mission?.aisle, PAGE, random);
      const chosen = choose(found, appetite, opened, random);
      if (chosen !== undefined) open(products[chosen], -1, random);
    }
  }
}

/** The consumables that someone comes to buy again. */
function usedUp({ shopper, time }: Appetite, products: readonly Product[], random: Random): Product[] {
  const comes = random.uniform() < RESTOCK;
  const early = 0.8 + 0.4 * random.uniform();
  if (!comes) return [];
  const due: Product[] = [];
  for (const [index, bought] of shopper.bought) {
    const { lasts } = departments[products[index].department];
    if (lasts === undefined || time >= products[index].ends) continue;
    const used = (time - bought) / (lasts * DAY);
    if (used > early && used < FORGOTTEN) due.push(products[index]);
  }
  return due;
}

/** The choice from a page, first place first: an item with probability proportional to examination times e^utility, or nothing. */
function choose(page: readonly number[], appetite: Appetite, opened: ReadonlySet<number>, random: Random): number | undefined {
  const weights = page.map((product, place) => (opened.has(product) ? 0 : Math.exp(appetite.utility(product)) * examination(place)));
  let at = random.uniform() * weights.reduce((sum, weight) => sum + weight, Math.exp(NOTHING));
  const place = weights.findIndex((weight) => {
    at -= weight;
    return at < 0;
  });
  return place < 0 ? undefined : page[place];
}
