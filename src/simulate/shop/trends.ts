import { Random } from "../../util/random.ts";
import { DAY } from "../calendar.ts";
import { aisles, styles } from "./departments.ts";
import type { Product } from "./products.ts";

/** Mean number of days between the starts of two fads. */
const EVERY = 6;
/** Number of days after which a fad is over. */
const GONE = 120;
/** Additional utility of a new product. */
const NEWNESS = 0.6;

/** What is in fashion on one day, as utilities. */
interface Fashion {
  readonly aisles: Float64Array;
  readonly styles: Float64Array;
}

/**
 * What rises and fades. A fad affects an aisle or a style, peaks within days, fades within weeks, and is followed by another: the new-product curve of
 * Bass (1969) in short, with a steep rise and a longer tail. In addition, every product is wanted more while it is new.
 */
export class Trends {
  private readonly seed: number;
  private readonly days = new Map<number, Fashion>();

  constructor(random: Random) {
    this.seed = random.bits();
  }

  /**
   * How much more a product is wanted, as a utility: 0 if it is neither new nor in fashion.
   *
   * @param day days since 1970
   */
  of(product: Product, day: number): number {
    const fashion = this.fashion(day);
    let sum = fashion.aisles[product.aisle];
    for (const style of product.styles) sum += fashion.styles[style];
    const age = day - Math.floor(product.properties.published / DAY);
    return age < 0 ? sum : sum + NEWNESS * Math.exp(-age / product.fade);
  }

  private fashion(day: number): Fashion {
    const known = this.days.get(day);
    if (known !== undefined) return known;
    const fashion = { aisles: new Float64Array(aisles.length), styles: new Float64Array(styles.length) };
    for (let fad = Math.floor((day - GONE) / EVERY); fad * EVERY <= day; fad++) {
      // Each fad has its own random numbers, so that any day can be computed directly.
      const random = new Random(this.seed).split(fad);
      const age = day - (fad + random.uniform()) * EVERY;
      const rise = 2 + 6 * random.uniform();
      const fade = 10 + 15 * random.uniform();
      const height = 0.6 + 0.9 * random.uniform();
      const ofStyle = random.uniform() < 0.3;
      const target = random.integer(ofStyle ? styles.length : aisles.length);
      if (age <= 0) continue;
      // A style is in every department, so its fads are weaker.
      const now = height * (1 - Math.exp(-age / rise)) * Math.exp(-age / fade);
      if (ofStyle) fashion.styles[target] += 0.6 * now;
      else fashion.aisles[target] += now;
    }
    this.days.set(day, fashion);
    return fashion;
  }
}
