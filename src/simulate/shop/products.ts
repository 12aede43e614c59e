import type { Random } from "../../util/random.ts";
import { DAY } from "../calendar.ts";
import { drawIndex, pick, runningSums } from "../draw.ts";
import { slug } from "../slug.ts";
import { aisles, departments, styles } from "./departments.ts";
import { direction, mix, type Space, type Vector } from "./space.ts";

/** A product of the simulated shop. */
export interface Product {
  /** Index among all products that the shop ever had. */
  readonly index: number;
  /** External id, made from the title. */
  readonly id: string;
  /** Visible properties. */
  readonly properties: {
    readonly title: string;
    readonly description: string;
    /** Its department. */
    readonly category: string;
    readonly brand: string;
    readonly price: number;
    /** Its aisle and its styles. */
    readonly tags: readonly string[];
    /** When it arrived in the shop, milliseconds since 1970. */
    readonly published: number;
  };
  /** When it leaves the shop, milliseconds since 1970. Hidden until then, like everything below. */
  readonly ends: number;
  /** Index of its aisle. */
  readonly aisle: number;
  /** Index of its department. */
  readonly department: number;
  /** Indices of its styles, one or two. */
  readonly styles: readonly number[];
  /** Hidden position; unit length. Aisle, styles and brand reveal most of it; the rest shows only in who wants it. */
  readonly character: Vector;
  /** Quality, independent of taste: standard normal. */
  readonly quality: number;
  /** Log of its price relative to the usual price of the department. */
  readonly dearness: number;
  /** Publicity: its share of attention among equally new products. */
  readonly publicity: number;
  /** Days until the attention of its arrival falls to 1/e. */
  readonly fade: number;
}

/** Shortest time that a product is sold, and the mean of the additional time, in days. */
const LIFETIME = { least: 90, more: 360 };
/** Age of the oldest products at the opening, in days. */
const OLDEST = 900;

const uses = [
  "every day",
  "a quiet weekend",
  "small homes",
  "gifts",
  "people who know",
  "beginners",
  "long years of use",
  "the whole family",
];
const virtues = ["Made to last", "A favorite of the house", "New materials", "Tested by hand", "Light and simple", "From a small workshop"];

/** Makes products one by one, with unique titles. */
export class ProductMaker {
  private readonly space: Space;
  private readonly random: Random;
  private readonly aisleSums = runningSums(aisles.map(({ department }) => departments[department].share));
  /** How often each title was used. */
  private readonly titles = new Map<string, number>();
  private made = 0;

  constructor(space: Space, random: Random) {
    this.space = space;
    this.random = random;
  }

  /** A product that arrives in the shop at `published`. */
  make(published: number): Product {
    return this.product(published, published + (LIFETIME.least - LIFETIME.more * Math.log(1 - this.random.uniform())) * DAY);
  }

  /** A product that is already there when the shop opens. */
  makeOld(opening: number): Product {
    // Most older products are recent. Products that ended before the opening don't appear, so only the remaining lifetime counts.
    const published = opening - Math.ceil(OLDEST * this.random.uniform() ** 2) * DAY;
    return this.product(published, opening + (30 - LIFETIME.more * Math.log(1 - this.random.uniform())) * DAY);
  }

  private product(published: number, ends: number): Product {
    const { random, space } = this;
    const aisle = drawIndex(this.aisleSums, random);
    const { name: kind, department: d } = aisles[aisle];
    const department = departments[d];
    const brand = random.integer(department.brands.length);
    const first = random.integer(styles.length);
    const second = random.integer(styles.length);
    const own = second === first || random.uniform() < 0.5 ? [first] : [first, second];
    const title = this.unique(`${department.brands[brand]} ${capitalized(styles[first])} ${kind}`);
    // The brands of a department are ordered from cheap to expensive.
    const asked = Math.max(1, Math.round(department.price * Math.exp(0.15 * (brand - 2) + 0.45 * random.normal()))) - 0.01;
    const quality = random.normal();
    return {
      index: this.made++,
      id: slug(title),
      properties: {
        title,
        description: `${pick(virtues, random)}: ${own.map((style) => styles[style]).join(" and ")} ${kind.toLowerCase()} by ${department.brands[brand]}, for ${pick(uses, random)}.`,
        category: department.name,
        brand: department.brands[brand],
        price: asked,
        tags: [kind.toLowerCase(), ...own.map((style) => styles[style])],
        published,
      },
      // Products leave at midnight.
      ends: Math.ceil(ends / DAY) * DAY,
      aisle,
      department: d,
      styles: own,
      character: mix(
        [space.aisles[aisle], 1],
        ...own.map((style) => [space.styles[style], 0.6 / own.length] as const),
        [space.brands[d][brand], 0.35],
        [direction(random), 0.6],
      ),
      quality,
      dearness: Math.log(asked / department.price),
      publicity: Math.exp(0.9 * random.normal() + 0.3 * quality),
      fade: 7 + 30 * random.uniform(),
    };
  }

  private unique(title: string): string {
    const times = (this.titles.get(title) ?? 0) + 1;
    this.titles.set(title, times);
    return times === 1 ? title : `${title} No. ${times}`;
  }
}

function capitalized(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}
