import type { Catalog } from "./catalog.ts";

/** One user's list beside what it should have held. All are item indices. Views into shared buffers: copy what is to be kept. */
export interface JudgedList {
  /** The recommended items, best first, distinct. Shorter than was asked where items ran out. */
  readonly items: Uint32Array;
  /** 1 at each place of `items` that holds a relevant item, else 0. */
  readonly hits: Uint8Array;
  /** The withheld items of the user, distinct, ascending; at least one. */
  readonly relevant: Uint32Array;
  /** The items the model knew of the user, ascending; may be empty. */
  readonly history: Uint32Array;
}

interface MetricBase {
  /** Kebab-case, the name of its file. */
  readonly name: string;
  /** Which direction is an improvement. */
  readonly better: "higher" | "lower";
}

/**
 * A number for each user, from the first k places of the user's list; the result is the mean over users. NaN says that the number has
 * no meaning for this user, who is then left out of the mean.
 */
export interface ListMetric extends MetricBase {
  readonly over: "list";
  /** Whether the number says how many withheld items were found, so that it can be restricted to a part of them. */
  readonly accuracy: boolean;
  /** Called once an evaluation; the function returned is called once a user and k. @throws RecoError `unsupported` where the data lacks something */
  measure(catalog: Catalog): (list: JudgedList, k: number) => number;
}

/** One number for all lists together, from how often each item stands in the first k places of them. */
export interface ExposureMetric extends MetricBase {
  readonly over: "exposure";
  /** @param exposure one count an item of the catalogue */
  measure(exposure: Uint32Array, catalog: Catalog): number;
}

/** A number for each user from the scores of all items, whatever k; the result is the mean over users. */
export interface ScoreMetric extends MetricBase {
  readonly over: "scores";
  /** @param relevant withheld items, distinct, ascending; @param seen items of the history, ascending, which take no part */
  measure(scores: Float32Array, relevant: Uint32Array, seen: Uint32Array): number;
}

/** A loss of each withheld rating; the result is `finish` of the mean over ratings. Only for models that predict ratings. */
export interface RatingMetric extends MetricBase {
  readonly over: "ratings";
  loss(predicted: number, actual: number): number;
  /** Ascending. */
  finish(meanLoss: number): number;
}

/** How a model is judged: one of four kinds, told apart by `over`. */
export type Metric = ListMetric | ExposureMetric | ScoreMetric | RatingMetric;

/**
 * Makes a metric. Dropping a file `<name>.ts` that exports it (as the name in camel case) into `src/metrics/` is all it takes to
 * register it; one of your own can also be handed to `evaluate` as it is.
 *
 * @example
 * ```ts
 * import { defineMetric } from "recobase";
 *
 * const firstHit = defineMetric({
 *   name: "first-hit",
 *   over: "list",
 *   better: "higher",
 *   accuracy: true,
 *   measure: () => (list) => list.hits[0] ?? 0,
 * });
 * ```
 */
export function defineMetric<const M extends Metric>(metric: M): M {
  return metric;
}

/** Relevant items in the first k places. */
export function hitsWithin(hits: Uint8Array, k: number): number {
  const end = Math.min(k, hits.length);
  let sum = 0;
  for (let i = 0; i < end; i++) sum += hits[i];
  return sum;
}
