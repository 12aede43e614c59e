import type { Random } from "../../util/random.ts";
import { DAY } from "../calendar.ts";
import { drawIndex, runningSums } from "../draw.ts";
import type { Assortment } from "./assortment.ts";
import { aisles } from "./departments.ts";
import type { Product } from "./products.ts";

/** Attention that a product keeps, compared with 3 on the day of its arrival. */
const EVERGREEN = 1;
const ARRIVAL = 3;
/** Days until the views of a product fall to 1/e, for the popularity shelf and word of mouth. */
const VIEW_DAYS = 10;

/**
 * What people come across without a recommender: an aisle, in which products stand out by publicity, newness, fashion and views, and a shelf of
 * popular products. Attention decides what is found, so it biases a log toward popular products.
 */
export class Shelves {
  private readonly assortment: Assortment;
  /** Everything on sale, by aisle; the products of aisle a are from `starts[a]` to `starts[a + 1]`. */
  private stock = new Uint32Array();
  private readonly starts = new Uint32Array(aisles.length + 1);
  /** Running sums of attention along `stock`. */
  private sums: Float64Array = new Float64Array();
  /** Views per product, with decay. */
  private views = new Float64Array(1024);
  /** The most viewed products, best first. */
  private top: number[] = [];

  constructor(assortment: Assortment) {
    this.assortment = assortment;
  }

  /** Recomputes attention and the popularity shelf. */
  arrange(onSale: readonly Product[], time: number): void {
    const highest = onSale.reduce((high, { index }) => Math.max(high, index), 0);
    if (highest >= this.views.length) this.views = grown(this.views, highest + 1);
    const mean = onSale.reduce((sum, { index }) => sum + this.views[index], 0) / onSale.length;
    this.starts.fill(0);
    for (const { aisle } of onSale) this.starts[aisle + 1]++;
    for (let a = 0; a < aisles.length; a++) this.starts[a + 1] += this.starts[a];
    const next = this.starts.slice();
    this.stock = new Uint32Array(onSale.length);
    const attention = new Float64Array(onSale.length);
    for (const product of onSale) {
      const at = next[product.aisle]++;
      this.stock[at] = product.index;
      attention[at] = this.attention(product, time) * Math.log(2 + this.views[product.index] / (1 + mean));
    }
    this.sums = runningSums(attention);
    this.top = this.ranked(onSale);
  }

  /** A day has passed, so views decay. */
  fade(days: number): void {
    const kept = Math.exp(-days / VIEW_DAYS);
    for (let i = 0; i < this.views.length; i++) this.views[i] *= kept;
  }

  viewed(product: number): void {
    this.views[product]++;
  }

  /** The recently most viewed products, best first: the same for everyone, as of the last arrangement. */
  popular(k: number): number[] {
    return this.top.slice(0, k);
  }

  /** Distinct products that someone comes across in an aisle, or anywhere; more visible ones tend to come first. */
  browse(aisle: number | undefined, length: number, random: Random): number[] {
    const [from, to] = aisle === undefined ? [0, this.stock.length] : [this.starts[aisle], this.starts[aisle + 1]];
    const page: number[] = [];
    if (from === to) return page;
    // A small aisle has a short page.
    for (let tries = 0; tries < 2 * length && page.length < length; tries++) {
      const product = this.stock[drawIndex(this.sums, random, from, to)];
      if (!page.includes(product)) page.push(product);
    }
    return page;
  }

  private attention(product: Product, time: number): number {
    const age = (time - product.properties.published) / DAY;
    return (
      product.publicity *
      (EVERGREEN + ARRIVAL * Math.exp(-age / product.fade)) *
      Math.exp(0.5 * this.assortment.standing(product.index, time))
    );
  }

  /** The 100 most viewed, in one pass, because the catalog is too long to sort every day. */
  private ranked(onSale: readonly Product[]): number[] {
    const best: number[] = [];
    for (const { index } of onSale) {
      if (best.length === 100 && this.views[index] <= this.views[best[99]]) continue;
      let at = best.length;
      while (at > 0 && this.views[best[at - 1]] < this.views[index]) at--;
      best.splice(at, 0, index);
      if (best.length > 100) best.pop();
    }
    return best;
  }
}

function grown(array: Float64Array<ArrayBuffer>, atLeast: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.max(atLeast, 2 * array.length));
  larger.set(array);
  return larger;
}
