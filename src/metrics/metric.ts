import type { Catalog } from "./catalog.ts";

/** One user's list, with what it should have contained. All are item indices. Views into shared buffers: copy what you want to keep. */
export interface JudgedList {
  /** The recommended items, best first, distinct. Shorter than requested if there are not enough items. */
  readonly items: Uint32Array;
  /** 1 at each position of `items` with a relevant item, otherwise 0. */
  readonly hits: Uint8Array;
  /** The user's held-out items, distinct, ascending; at least one. */
  readonly relevant: Uint32Array;
  /** The items in the user's history, ascending; may be empty. */
  readonly history: Uint32Array;
}

interface MetricBase {
  /** The file name, in kebab-case. */
  readonly name: string;
  /** Which direction is an improvement. */
  readonly better: "higher" | "lower";
}

/**
 * A number per user, from the first k items of the user's list; the result is the mean over users. NaN means that the number is undefined for
 * this user, who is then left out of the mean.
 */
export interface ListMetric extends MetricBase {
  readonly over: "list";
  /** Whether the number measures how many held-out items were found, so that it can be restricted to some of them. */
  readonly accuracy: boolean;
  /** Called once per evaluation. The returned function is called once per user and k. @throws RecoError `unsupported` if the data lacks something */
  measure(catalog: Catalog): (list: JudgedList, k: number) => number;
}

/** One number for all lists together, from how often each item is among the first k of a list. */
export interface ExposureMetric extends MetricBase {
  readonly over: "exposure";
  /** @param exposure one count per catalog item */
  measure(exposure: Uint32Array, catalog: Catalog): number;
}

/** A number per user from the scores of all items, for any k; the result is the mean over users. */
export interface ScoreMetric extends MetricBase {
  readonly over: "scores";
  /** @param relevant held-out items, distinct, ascending; @param seen items of the history, ascending, which are left out */
  measure(scores: Float32Array, relevant: Uint32Array, seen: Uint32Array): number;
}

/** A loss per held-out rating; the result is `finish` of the mean over ratings. Only for models that predict ratings. */
export interface RatingMetric extends MetricBase {
  readonly over: "ratings";
  loss(predicted: number, actual: number): number;
  /** Ascending. */
  finish(meanLoss: number): number;
}

/** How a model is measured: one of four kinds, distinguished by `over`. */
export type Metric = ListMetric | ExposureMetric | ScoreMetric | RatingMetric;

/**
 * Makes a metric. To register it, put it into a file `src/metrics/<name>.ts` and export it under its camel-case name. You can also pass your
 * own metrics directly to `evaluate`.
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

/** Relevant items among the first k. */
export function hitsWithin(hits: Uint8Array, k: number): number {
  const end = Math.min(k, hits.length);
  let sum = 0;
  for (let i = 0; i < end; i++) sum += hits[i];
  return sum;
}
