import type { Random } from "../../util/random.ts";
import { aisles } from "./departments.ts";
import { seasons } from "./seasons.ts";
import { dot, type Space, type Vector } from "./space.ts";

/** The purpose of a visit: one aisle, narrower than the visitor's taste. */
export interface Mission {
  /** Index into the aisles. */
  readonly aisle: number;
  /** Index into the departments. */
  readonly department: number;
}

/** Share of visits without a mission: just browsing. */
const LOOKING = 0.3;
/** How strongly taste determines what someone comes for. */
const TASTE = 4;

/** What a visitor with a given taste comes for at a given time; undefined for someone who is just browsing. */
export function drawMission(taste: Vector, time: number, space: Space, random: Random): Mission | undefined {
  const lifts = seasons(time);
  const weights = aisles.map(({ department }, aisle) => Math.exp(TASTE * dot(taste, space.aisles[aisle]) + lifts[department]));
  // Always draw both numbers, so that the same visit goes the same way in two worlds that showed different lists.
  const looking = random.uniform() < LOOKING;
  let at = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const aisle = weights.findIndex((weight) => {
    at -= weight;
    return at < 0;
  });
  return looking || aisle < 0 ? undefined : { aisle, department: aisles[aisle].department };
}
