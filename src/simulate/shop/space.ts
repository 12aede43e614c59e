import type { Random } from "../../util/random.ts";
import { aisles, departments, styles } from "./departments.ts";

/** Number of hidden coordinates of products and tastes. */
export const DIMENSIONS = 16;

/** Coordinates. Plain arrays, because one is made per visit, and creating small typed arrays takes longer than using them. */
export type Vector = readonly number[];

/** Positions in the hidden coordinates; all of unit length. None of this is visible. */
export interface Space {
  /** By aisle; aisles of one department are close together. */
  readonly aisles: readonly Vector[];
  readonly styles: readonly Vector[];
  /** By department, then by brand. */
  readonly brands: readonly (readonly Vector[])[];
}

export function makeSpace(random: Random): Space {
  const centers = departments.map(() => direction(random));
  return {
    aisles: aisles.map(({ department }) => mix([centers[department], 1], [direction(random), 0.6])),
    styles: styles.map(() => direction(random)),
    brands: departments.map(({ brands }) => brands.map(() => direction(random))),
  };
}

/** A random direction. */
export function direction(random: Random): Vector {
  const vector: number[] = [];
  for (let i = 0; i < DIMENSIONS; i++) vector.push(random.normal());
  return unit(vector);
}

/** The direction of a weighted sum of directions. */
export function mix(...parts: readonly (readonly [vector: Vector, weight: number])[]): Vector {
  const sum = new Array<number>(DIMENSIONS).fill(0);
  for (const [vector, weight] of parts) for (let i = 0; i < DIMENSIONS; i++) sum[i] += weight * vector[i];
  return unit(sum);
}

export function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < DIMENSIONS; i++) sum += a[i] * b[i];
  return sum;
}

function unit(vector: number[]): Vector {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  for (let i = 0; i < DIMENSIONS; i++) vector[i] /= length;
  return vector;
}
