import { DAY } from "../calendar.ts";
import { examination } from "../examination.ts";
import type { Assortment } from "./assortment.ts";
import { aisles, departments } from "./departments.ts";
import type { Mission } from "./mission.ts";
import { seasons } from "./seasons.ts";
import { type Shopper, tasteAt } from "./shoppers.ts";
import { DIMENSIONS, type Vector } from "./space.ts";

/** Weight of the match between taste and product, relative to the product's general appeal and price. */
const MATCH = 6;
/** Utility at which an item, once looked at, is clicked half of the time. */
const RESERVE = 4.5;
/** Utility added on a mission for products of its aisle, others in the department, and the rest. */
const MISSION = { aisle: 1.8, department: 0.5, other: -0.8 };
/** Utility added for a durable product that the visitor already has. */
const OWNED = -4;

/**
 * How much a visitor likes a product at a given time: the truth that recommenders try to find. Usually between -2 (no) and 5 (a favorite), with 0 for
 * indifferent. It is the utility of a discrete-choice model (McFadden 1974), linear in match, quality, price, fashion and season. It excludes what
 * they are looking for today and what they already have.
 */
export function affinity(shopper: Shopper, product: number, time: number, assortment: Assortment): number {
  return liking(shopper, tasteAt(shopper, time), product, time, assortment);
}

function liking({ thrift }: Shopper, taste: Vector, product: number, time: number, assortment: Assortment): number {
  const { characters, dearness, aisles: aisleOf } = assortment;
  const row = product * DIMENSIONS;
  let match = 0;
  for (let i = 0; i < DIMENSIONS; i++) match += taste[i] * characters[row + i];
  const lift = seasons(time)[aisles[aisleOf[product]].department];
  return MATCH * match + assortment.standing(product, time) - thrift * dearness[product] + lift;
}

/** What one visitor wants on one visit: their taste that day, what they came for and what they have. */
export class Appetite {
  readonly shopper: Shopper;
  readonly time: number;
  readonly mission: Mission | undefined;
  private readonly taste: Vector;
  private readonly assortment: Assortment;

  constructor(shopper: Shopper, time: number, mission: Mission | undefined, assortment: Assortment) {
    this.shopper = shopper;
    this.time = time;
    this.mission = mission;
    this.taste = tasteAt(shopper, time);
    this.assortment = assortment;
  }

  /** How much a product (an index) is wanted now, as a utility like {@link affinity}. */
  utility(product: number): number {
    const { shopper, taste, time, assortment } = this;
    return liking(shopper, taste, product, time, assortment) + this.fit(assortment.aisles[product]) + this.need(product);
  }

  /** The probability that a product (an index) in a place of a list (from 0) is clicked: it is looked at, and it appeals. 0 if it isn't sold. */
  click(product: number, place: number): number {
    const sold = this.time < this.assortment.products[product].ends;
    return sold ? examination(place) * sigmoid(this.utility(product) - RESERVE) : 0;
  }

  private fit(aisle: number): number {
    if (this.mission === undefined) return 0;
    if (aisle === this.mission.aisle) return MISSION.aisle;
    return aisles[aisle].department === this.mission.department ? MISSION.department : MISSION.other;
  }

  private need(product: number): number {
    const bought = this.shopper.bought.get(product);
    if (bought === undefined || bought >= this.time) return 0;
    const { lasts } = departments[aisles[this.assortment.aisles[product]].department];
    if (lasts === undefined) return OWNED;
    // A full cupboard lowers the utility, an empty one raises it: from -2 to 2 over the time that the product lasts.
    return Math.min(2, (4 * (this.time - bought)) / (lasts * DAY) - 2);
  }
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
