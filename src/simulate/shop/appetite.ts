import { DAY } from "../calendar.ts";
import { examination } from "../examination.ts";
import type { Assortment } from "./assortment.ts";
import { aisles, departments } from "./departments.ts";
import type { Mission } from "./mission.ts";
import { seasons } from "./seasons.ts";
import { type Shopper, tasteAt } from "./shoppers.ts";
import { DIMENSIONS, type Vector } from "./space.ts";

/** Weight of the match between taste and character, beside what a product offers to everybody and its price. */
const MATCH = 6;
/** What something must offer to be clicked as often as not, once it is looked at. */
const RESERVE = 4.5;
/** What somebody on a mission thinks of products of its aisle, of others of the department, and of the rest. */
const MISSION = { aisle: 1.8, department: 0.5, other: -0.8 };
/** What somebody thinks of a durable product that they have. */
const OWNED = -4;

/**
 * How much a visitor likes a product at a time: the truth that recommenders try to find. Mostly -2 (no) to 5 (a favourite), 0 being
 * indifferent; the utility of a discrete-choice model (McFadden 1974), linear in match, quality, price, fashion and season. What they are
 * looking for today, or have already, is left out.
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

/** What one visitor wants on one visit: their taste of the day, what they came for and what they have. */
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

  /** How likely a product (an index) in a place of a list (from 0) is clicked: it is looked at, and it attracts. 0 where it is not sold. */
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
    // A full cupboard puts off, an empty one draws: from -2 to 2 over the time that it lasts.
    return Math.min(2, (4 * (this.time - bought)) / (lasts * DAY) - 2);
  }
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
