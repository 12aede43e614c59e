import type { Random } from "../../util/random.ts";
import { DAY } from "../calendar.ts";
import { drawIndex, runningSums } from "../draw.ts";
import type { Assortment } from "./assortment.ts";
import { aisles } from "./departments.ts";
import type { Product } from "./products.ts";

/** Attention that a product keeps, beside 3 on the day of its arrival. */
const EVERGREEN = 1;
const ARRIVAL = 3;
/** Days in which the views of a product fall to 1/e: what the popularity shelf shows, and what is talked about. */
const VIEW_DAYS = 10;

/**
 * What people come across without a recommender: an aisle, in which products stand out by publicity, newness, fashion and by being viewed,
 * and a shelf of what is popular. Attention decides what is found, so it is what biases a log towards the popular.
 */
export class Shelves {
  private readonly assortment: Assortment;
  /** Everything on sale, aisle by aisle; the products of aisle a from `starts[a]` to `starts[a + 1]`. */
  private stock = new Uint32Array();
  private readonly starts = new Uint32Array(aisles.length + 1);
  /** Running sums of attention along `stock`. */
  private sums: Float64Array = new Float64Array();
  /** Views that have not faded, by product. */
  private views = new Float64Array(1024);
  /** The most viewed products, best first. */
  private top: number[] = [];

  constructor(assortment: Assortment) {
    this.assortment = assortment;
  }

  /** Takes attention and the popularity shelf anew. */
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

  /** A day has gone by: views fade. */
  fade(days: number): void {
    const kept = Math.exp(-days / VIEW_DAYS);
    for (let i = 0; i < this.views.length; i++) this.views[i] *= kept;
  }

  viewed(product: number): void {
    this.views[product]++;
  }

  /** The products that were viewed most of late, best first: the same for everybody, as of the last arrangement. */
  popular(k: number): number[] {
    return this.top.slice(0, k);
  }

  /** Products that somebody comes across in an aisle, or anywhere, each once, most noticed first by tendency. */
  browse(aisle: number | undefined, length: number, random: Random): number[] {
    const [from, to] = aisle === undefined ? [0, this.stock.length] : [this.starts[aisle], this.starts[aisle + 1]];
    const page: number[] = [];
    if (from === to) return page;
    // A small aisle gives a short page.
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

  /** The most viewed 100, by one pass: a catalogue is too long to be sorted every day. */
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
