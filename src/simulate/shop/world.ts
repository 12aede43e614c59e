import { Random } from "../../util/random.ts";
import { DAY } from "../calendar.ts";
import { drawIndex, runningSums } from "../draw.ts";
import { Appetite } from "./appetite.ts";
import { Assortment } from "./assortment.ts";
import { drawMission } from "./mission.ts";
import { type Product, ProductMaker } from "./products.ts";
import { Shelves } from "./shelves.ts";
import { type Shopper, ShopperMaker, tasteAt } from "./shoppers.ts";
import { makeSpace, type Space } from "./space.ts";
import { Trends } from "./trends.ts";

/** Shares of visits by people who open an account, and by people without one. */
const NEW = 0.03;
const GUESTS = 0.12;

/** Sizes and speeds of a simulated shop, with defaults applied. */
export interface WorldOptions {
  readonly seed: number;
  readonly items: number;
  readonly visitors: number;
  readonly visitsPerDay: number;
  readonly newItemsPerDay: number;
  readonly drift: number;
  readonly start: number;
}

/** A visit before it takes place. */
export interface Arrival {
  /** From 0, over all visits. */
  readonly number: number;
  readonly shopper: Shopper;
  readonly appetite: Appetite;
  /** Seed for the session. */
  readonly seed: number;
}

/** The state of a simulated shop: its visitors, its products and its clock. */
export class World {
  readonly options: WorldOptions;
  readonly space: Space;
  readonly assortment: Assortment;
  readonly shelves: Shelves;
  /** All that ever existed. */
  readonly shoppers: Shopper[] = [];
  /** The clock, milliseconds since 1970. */
  now: number;

  private onSale: Product[] = [];
  private readonly maker: ProductMaker;
  private readonly shopperMaker: ShopperMaker;
  private readonly deliveries: Random;
  private readonly arrivals: Random;
  private nextDelivery: number;
  private activity: Float64Array = new Float64Array();
  private visits = 0;
  /** {@link news} has reported the products before this index, but none of `ended`. */
  private told = 0;
  private ended: Product[] = [];

  constructor(options: WorldOptions) {
    this.options = options;
    this.now = options.start;
    // Separate random streams, so that more of one thing doesn't change another.
    const random = new Random(options.seed);
    this.space = makeSpace(random.split(0));
    this.maker = new ProductMaker(this.space, random.split(1));
    this.shopperMaker = new ShopperMaker(this.space, random.split(2), options.drift);
    this.assortment = new Assortment(new Trends(random.split(3)));
    this.deliveries = random.split(4);
    this.arrivals = random.split(5);
    this.shelves = new Shelves(this.assortment);
    for (let i = 0; i < options.items; i++) this.putOnSale(this.maker.makeOld(options.start));
    for (let i = 0; i < options.visitors; i++) this.shoppers.push(this.shopperMaker.make(options.start, false));
    this.nextDelivery = options.start + this.untilDelivery();
    this.arrange();
  }

  /** Advances the clock to a time: products arrive and, at midnight, leave; views decay and the shelves are rearranged. */
  advance(time: number): void {
    while (Math.floor(this.now / DAY) < Math.floor(time / DAY)) {
      this.now = (Math.floor(this.now / DAY) + 1) * DAY;
      this.deliver();
      this.ended.push(...this.onSale.filter(({ ends }) => ends <= this.now));
      this.onSale = this.onSale.filter(({ ends }) => ends > this.now);
      this.shelves.fade(1);
      this.arrange();
    }
    this.now = Math.max(this.now, time);
    this.deliver();
  }

  /** Puts new products on sale now, in addition to those that arrive on their own. */
  publish(count: number): Product[] {
    const made = Array.from({ length: count }, () => this.maker.make(this.now));
    for (const product of made) this.putOnSale(product);
    this.arrange();
    return made;
  }

  /** Someone arrives at a time, which must not be before the clock. */
  arrive(time: number): Arrival {
    this.advance(time);
    const number = this.visits++;
    const random = this.arrivals.split(number);
    const kind = random.uniform();
    const shopper = kind < NEW + GUESTS ? this.join(time, kind < GUESTS) : this.shoppers[drawIndex(this.activity, random)];
    const mission = drawMission(tasteAt(shopper, time), time, this.space, random);
    return { number, shopper, appetite: new Appetite(shopper, time, mission, this.assortment), seed: random.bits() };
  }

  /** Products that arrived and left since the last call; on the first call, all products so far. */
  news(): { arrived: Product[]; ended: Product[] } {
    const news = { arrived: this.assortment.products.slice(this.told), ended: this.ended };
    this.told = this.assortment.products.length;
    this.ended = [];
    return news;
  }

  private join(time: number, guest: boolean): Shopper {
    const shopper = this.shopperMaker.make(time, guest);
    this.shoppers.push(shopper);
    return shopper;
  }

  private deliver(): void {
    while (this.nextDelivery <= this.now) {
      this.putOnSale(this.maker.make(this.nextDelivery));
      this.nextDelivery += this.untilDelivery();
    }
  }

  private putOnSale(product: Product): void {
    this.assortment.add(product);
    this.onSale.push(product);
  }

  private arrange(): void {
    this.assortment.beginDay(this.now);
    this.shelves.arrange(this.onSale, this.now);
    this.activity = runningSums(this.shoppers.map(({ activity }) => activity));
  }

  /** Milliseconds until the next new product: a Poisson process. */
  private untilDelivery(): number {
    const { newItemsPerDay } = this.options;
    return newItemsPerDay === 0 ? Number.POSITIVE_INFINITY : (-Math.log(1 - this.deliveries.uniform()) * DAY) / newItemsPerDay;
  }
}
