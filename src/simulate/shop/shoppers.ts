import type { Random } from "../../util/random.ts";
import { DAY } from "../calendar.ts";
import { aisles, styles } from "./departments.ts";
import { direction, dot, mix, type Space, type Vector } from "./space.ts";

/** A visitor of the simulated shop. */
export interface Shopper {
  /** Index among all visitors that the shop ever had. */
  readonly index: number;
  /** External id. */
  readonly id: string;
  /** Came once without an account, and can't be recognized again. */
  readonly guest: boolean;
  /** When they first came, milliseconds since 1970. */
  readonly joined: number;
  /** How often they come, relative to others. Hidden, like everything below. */
  readonly activity: number;
  /** Their current taste, and the taste it turns toward: two orthogonal directions. */
  readonly tastes: readonly [Vector, Vector];
  /** How fast the taste turns from the first to the second, in radians per day. */
  readonly turning: number;
  /** Price sensitivity: utility lost if the price is e times the usual one. */
  readonly thrift: number;
  /** When each product was last bought, by product index; milliseconds since 1970. */
  readonly bought: Map<number, number>;
  /** When their taste changed abruptly; Infinity for most. */
  changed: number;
}

/** Share of visitors whose taste turns noticeably. */
const DRIFTING = 0.3;
/** How far such a taste turns per year, in radians; a quarter turn makes it a different taste. */
const TURN = 0.8;

/** Makes visitors one by one. */
export class ShopperMaker {
  private readonly space: Space;
  private readonly random: Random;
  private readonly drift: number;
  private made = 0;

  /** @param drift how fast tastes turn: 1 as usual, 0 not at all */
  constructor(space: Space, random: Random, drift: number) {
    this.space = space;
    this.random = random;
    this.drift = drift;
  }

  make(joined: number, guest: boolean): Shopper {
    const { random } = this;
    const first = this.taste();
    const other = this.taste();
    // Gram-Schmidt: the part of the other taste that is orthogonal to the first.
    const second = mix([other, 1], [first, -dot(other, first)]);
    const turn = random.uniform() < DRIFTING ? TURN * (0.5 + random.uniform()) : 0.1 * random.uniform();
    const index = this.made++;
    return {
      index,
      id: guest ? `guest-${index + 1}` : `visitor-${index + 1}`,
      guest,
      joined,
      // Log-normal: many visitors come rarely, a few very often.
      activity: guest ? 0 : Math.exp(0.9 * random.normal()),
      tastes: [first, second],
      turning: (this.drift * turn) / 365,
      thrift: 0.2 + 0.6 * random.uniform(),
      bought: new Map(),
      changed: Number.POSITIVE_INFINITY,
    };
  }

  /** One to three preferred aisles, some styles, and an individual part. */
  private taste(): Vector {
    const { random, space } = this;
    const shares = random.uniform() < 0.4 ? [1] : random.uniform() < 0.6 ? [0.8, 0.5] : [0.7, 0.5, 0.4];
    return mix(
      ...shares.map((share) => [space.aisles[random.integer(aisles.length)], share] as const),
      [space.styles[random.integer(styles.length)], 0.5],
      [space.styles[random.integer(styles.length)], 0.3],
      [direction(random), 0.35],
    );
  }
}

/** The taste of a visitor at a given time; unit length. */
export function tasteAt({ tastes, turning, joined, changed }: Shopper, time: number): Vector {
  // It turns in the plane of the two tastes, at constant speed. An abrupt change is a quarter turn.
  const angle = (turning * (time - joined)) / DAY + (time >= changed ? Math.PI / 2 : 0);
  const [first, second] = tastes;
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  return first.map((value, i) => x * value + y * second[i]);
}
