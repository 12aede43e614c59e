import { DAY } from "../calendar.ts";
import type { Product } from "./products.ts";
import { DIMENSIONS } from "./space.ts";
import type { Trends } from "./trends.ts";

/** Weight of quality relative to the match of taste and product. */
const QUALITY = 0.4;

/**
 * All products that ever existed, with the data for choices in arrays by product index: thousands are looked at for every one chosen, and scattered
 * objects would take most of the time.
 */
export class Assortment {
  readonly products: Product[] = [];
  /** `DIMENSIONS` coordinates per product. */
  characters = new Float32Array(1024 * DIMENSIONS);
  dearness = new Float32Array(1024);
  aisles = new Uint8Array(1024);
  private standings = new Float32Array(1024);
  private readonly trends: Trends;
  private day = Number.NaN;

  constructor(trends: Trends) {
    this.trends = trends;
  }

  add(product: Product): void {
    const { index } = product;
    this.products.push(product);
    if (index >= this.standings.length) this.grow();
    this.characters.set(product.character, index * DIMENSIONS);
    this.dearness[index] = product.dearness;
    this.aisles[index] = product.aisle;
    this.standings[index] = this.standingOn(this.day, product);
  }

  /** A product's general appeal at a given time, from quality, newness and fashion: a utility, constant during a day. */
  standing(index: number, time: number): number {
    const day = Math.floor(time / DAY);
    // Almost always the day of the shop's clock.
    return day === this.day ? this.standings[index] : this.standingOn(day, this.products[index]);
  }

  /** Sets the day for which appeals are cached. */
  beginDay(time: number): void {
    this.day = Math.floor(time / DAY);
    for (const product of this.products) this.standings[product.index] = this.standingOn(this.day, product);
  }

  private standingOn(day: number, product: Product): number {
    return QUALITY * product.quality + this.trends.of(product, day);
  }

  private grow(): void {
    const { characters, dearness, aisles, standings } = this;
    const room = 2 * standings.length;
    this.characters = new Float32Array(room * DIMENSIONS);
    this.characters.set(characters);
    this.dearness = new Float32Array(room);
    this.dearness.set(dearness);
    this.aisles = new Uint8Array(room);
    this.aisles.set(aisles);
    this.standings = new Float32Array(room);
    this.standings.set(standings);
  }
}
