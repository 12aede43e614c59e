import type { NumberKernel } from "./blocks.ts";
import { borrowNumbers, returnNumbers } from "./blocks.ts";

/** Mean radius of the Earth in kilometers (IUGG). */
const EARTH = 6371.0088;
const RADIANS = Math.PI / 180;

/** A place as two kernels, in degrees. */
export interface PlaceKernels {
  readonly latitude: NumberKernel;
  readonly longitude: NumberKernel;
}

/** Great-circle distance in kilometers, by the haversine formula; null for places out of range. */
export function distance(a: PlaceKernels, b: PlaceKernels): NumberKernel {
  const kernels = [a.latitude, a.longitude, b.latitude, b.longitude];
  return (rows, count, out) => {
    const blocks = kernels.map((kernel) => {
      const block = borrowNumbers();
      kernel(rows, count, block);
      return block;
    });
    const [latitudeA, longitudeA, latitudeB, longitudeB] = blocks;
    for (let i = 0; i < count; i++) out[i] = kilometers(latitudeA[i], longitudeA[i], latitudeB[i], longitudeB[i]);
    blocks.forEach(returnNumbers);
  };
}

function kilometers(latitudeA: number, longitudeA: number, latitudeB: number, longitudeB: number): number {
  if (!isPlace(latitudeA, longitudeA) || !isPlace(latitudeB, longitudeB)) return Number.NaN;
  const north = Math.sin(((latitudeB - latitudeA) * RADIANS) / 2);
  const east = Math.sin(((longitudeB - longitudeA) * RADIANS) / 2);
  const square = north * north + Math.cos(latitudeA * RADIANS) * Math.cos(latitudeB * RADIANS) * east * east;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(square)));
}

function isPlace(latitude: number, longitude: number): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
}

/** Whether a place exists. */
export function hasPlace({ latitude, longitude }: PlaceKernels): NumberKernel {
  return (rows, count, out) => {
    const east = borrowNumbers();
    latitude(rows, count, out);
    longitude(rows, count, east);
    for (let i = 0; i < count; i++) out[i] = isPlace(out[i], east[i]) ? 1 : 0;
    returnNumbers(east);
  };
}

/** One vector per item, or one for all: entry `i` starts at `i * stride`. */
export interface Vectors {
  readonly values: ArrayLike<number>;
  readonly dimensions: number;
  readonly stride: number;
}

/** Cosine of two vectors; null if their lengths differ, or one is missing or all zeros. */
export function cosine(a: Vectors, b: Vectors): NumberKernel {
  const { dimensions } = a;
  if (dimensions === 0 || dimensions !== b.dimensions) return (_rows, count, out) => out.fill(Number.NaN, 0, count);
  return (rows, count, out) => {
    for (let i = 0; i < count; i++) {
      const fromA = rows[i] * a.stride;
      const fromB = rows[i] * b.stride;
      let dot = 0;
      let squareA = 0;
      let squareB = 0;
      for (let d = 0; d < dimensions; d++) {
        const x = a.values[fromA + d];
        const y = b.values[fromB + d];
        dot += x * y;
        squareA += x * x;
        squareB += y * y;
      }
      // 0 / 0 is NaN, and so is any product with a missing vector.
      const value = dot / Math.sqrt(squareA) / Math.sqrt(squareB);
      out[i] = Math.max(-1, Math.min(1, value));
    }
  };
}

export function hasVector({ values, dimensions, stride }: Vectors): NumberKernel {
  return (rows, count, out) => {
    for (let i = 0; i < count; i++) out[i] = dimensions > 0 && !Number.isNaN(values[rows[i] * stride]) ? 1 : 0;
  };
}
