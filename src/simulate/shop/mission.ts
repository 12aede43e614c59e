import type { Random } from "../../util/random.ts";
import { aisles } from "./departments.ts";
import { seasons } from "./seasons.ts";
import { dot, type Space, type Vector } from "./space.ts";

/** What a visit is for: one aisle, narrower than the visitor's taste. */
export interface Mission {
  /** Index into the aisles. */
  readonly aisle: number;
  /** Index into the departments. */
  readonly department: number;
}

/** Share of visits without one: just looking. */
const LOOKING = 0.3;
/** How much taste decides what somebody comes for. */
const TASTE = 4;

/** What somebody of a taste comes for at a time; undefined for somebody who is just looking. */
export function drawMission(taste: Vector, time: number, space: Space, random: Random): Mission | undefined {
  const lifts = seasons(time);
  const weights = aisles.map(({ department }, aisle) => Math.exp(TASTE * dot(taste, space.aisles[aisle]) + lifts[department]));
  // Both numbers are drawn in any case, so that the same visit goes the same way in two worlds that differ in what was shown.
  const looking = random.uniform() < LOOKING;
  let at = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const aisle = weights.findIndex((weight) => {
    at -= weight;
    return at < 0;
  });
  return looking || aisle < 0 ? undefined : { aisle, department: aisles[aisle].department };
}
