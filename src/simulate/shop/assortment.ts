import { DAY } from "../calendar.ts";
import type { Product } from "./products.ts";
import { DIMENSIONS } from "./space.ts";
import type { Trends } from "./trends.ts";

/** Weight of quality beside the match of taste and character. */
const QUALITY = 0.4;

/**
 * All products that there ever were, with what choices are made of laid out by index of the product: thousands are looked at for every
 * one taken, and scattered objects would take most of the time.
 */
export class Assortment {
  readonly products: Product[] = [];
  /** `DIMENSIONS` coordinates a product. */
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

  /** What a product offers to everybody at a time, by quality, newness and fashion: a utility, the same all day. */
  standing(index: number, time: number): number {
    const day = Math.floor(time / DAY);
    // Nearly always it is the day of the shop's clock.
    return day === this.day ? this.standings[index] : this.standingOn(day, this.products[index]);
  }

  /** Sets the day for which standings are at hand. */
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
