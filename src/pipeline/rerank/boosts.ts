import { Type } from "typebox";
import type { FeatureTable } from "../../data/features.ts";
import type { Expression } from "../../expression/compile.ts";
import { numbers } from "../../expression/evaluate.ts";
import type { Scope } from "../../expression/scope.ts";
import { expression } from "../references.ts";

/** Boosts multiply scores: they push items up or down but guarantee nothing. */
export const Boosts = Type.Array(
  Type.Object(
    {
      by: expression("number", "items", {
        description: "An expression that gives the factor: `if fresh then 1.2 else 1`.",
      }),
    },
    { additionalProperties: false, title: "Boost", description: "Multiplies scores by a factor." },
  ),
  { maxItems: 50, description: "Factors that scores are multiplied by." },
);

/** Limits for factors, so that products stay finite and items with factor 0 keep their order. */
const SMALLEST = 1e-6;
const LARGEST = 1e6;

/**
 * The factor of each item: the product of its boosts. A null boost counts as 1.
 *
 * @returns one factor per item, in [1e-6, 1e6]
 */
export function boostFactors(boosts: readonly Expression[], columns: FeatureTable, items: Uint32Array, scope: Scope): Float64Array {
  const factors = new Float64Array(items.length).fill(1);
  const values = new Float64Array(items.length);
  for (const boost of boosts) {
    numbers(boost, columns, items, scope, values);
    for (let i = 0; i < values.length; i++) {
      if (!Number.isNaN(values[i])) factors[i] *= Math.min(LARGEST, Math.max(SMALLEST, values[i]));
    }
  }
  for (let i = 0; i < factors.length; i++) factors[i] = Math.min(LARGEST, Math.max(SMALLEST, factors[i]));
  return factors;
}

/**
 * Applies a boost to a score. Negative scores are divided instead, so a factor above 1 always raises an item and one below 1 always lowers
 * it.
 */
export function boosted(score: number, factor: number): number {
  return score < 0 ? score / factor : score * factor;
}
