import { Random } from "../../util/random.ts";
import { DAY } from "../calendar.ts";
import { dayCourse, dayTraffic } from "./seasons.ts";
import { session } from "./session.ts";
import type { World } from "./world.ts";

/** Number of products on the popularity shelf. */
const SHELF = 10;

/** Events as columns, in time order, with `length` entries each. */
export interface ShopLog {
  readonly length: number;
  /** Indices of visitors. */
  readonly user: Uint32Array;
  /** Indices of items. */
  readonly item: Uint32Array;
  /** Indices in `eventTypes`. */
  readonly type: Uint8Array;
  /** The price for purchases, 1 otherwise. */
  readonly value: Float32Array;
  /** Milliseconds since 1970. */
  readonly time: Float64Array;
  /** Number of the visit. */
  readonly session: Uint32Array;
}

/**
 * Simulates the next `days` days without a recommender: half of the visits start with the popularity shelf; everything else is found in the aisles.
 * Ends early, after the visit that completes `events`.
 */
export function recordHistory(world: World, days: number, events: number): ShopLog {
  const log = new GrowingLog();
  const random = new Random(world.options.seed).split(6);
  const first = Math.floor(world.now / DAY);
  for (let day = first; day < first + days && log.length < events; day++) {
    const mean = world.options.visitsPerDay * dayTraffic(day * DAY);
    // Close enough to Poisson for numbers of visits.
    const visits = Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
    const times = Float64Array.from({ length: visits }, () => day * DAY + timeOfDay(random.uniform())).sort();
    for (const time of times) {
      // If the clock isn't at midnight, part of the day has already passed.
      if (time < world.now) continue;
      recordVisit(world, time, log);
      if (log.length >= events) break;
    }
  }
  if (log.length < events) world.advance((first + days) * DAY);
  return log.inOrder();
}

function recordVisit(world: World, time: number, log: GrowingLog): void {
  const { number, shopper, appetite, seed } = world.arrive(time);
  const around = {
    assortment: world.assortment,
    shelves: world.shelves,
    pace: 1,
    record: (type: number, product: { index: number; properties: { price: number } }, at: number) =>
      log.add(shopper.index, product.index, type, type === 2 ? product.properties.price : 1, at, number),
  };
  // Every other visit starts on the home page, with the shelf; all other pages show only the aisles.
  const shelf = number % 2 === 0 ? world.shelves.popular(SHELF) : [];
  const pages = session(appetite, around, seed);
  for (let page = pages.next(shelf); !page.done; ) page = pages.next(page.value.number === 0 ? shelf : []);
}

/** The time of day, in milliseconds, by which a share of the day's visits has come. */
function timeOfDay(share: number): number {
  let hour = 0;
  while (hour < 23 && dayCourse[hour + 1] <= share) hour++;
  return Math.floor(((hour + (share - dayCourse[hour]) / (dayCourse[hour + 1] - dayCourse[hour])) / 24) * DAY);
}

class GrowingLog {
  private readonly user: number[] = [];
  private readonly item: number[] = [];
  private readonly type: number[] = [];
  private readonly value: number[] = [];
  private readonly time: number[] = [];
  private readonly session: number[] = [];

  get length(): number {
    return this.user.length;
  }

  add(user: number, item: number, type: number, value: number, time: number, session: number): void {
    this.user.push(user);
    this.item.push(item);
    this.type.push(type);
    this.value.push(value);
    this.time.push(time);
    this.session.push(session);
  }

  /** Sessions overlap, so events come almost in order, but not quite. */
  inOrder(): ShopLog {
    const { length, time } = this;
    const order = Uint32Array.from({ length }, (_, i) => i).sort((a, b) => time[a] - time[b] || a - b);
    return {
      length,
      user: order.map((i) => this.user[i]),
      item: order.map((i) => this.item[i]),
      type: Uint8Array.from(order, (i) => this.type[i]),
      value: Float32Array.from(order, (i) => this.value[i]),
      time: Float64Array.from(order, (i) => time[i]),
      session: order.map((i) => this.session[i]),
    };
  }
}
