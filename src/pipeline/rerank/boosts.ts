import { Type } from "typebox";
import type { FeatureTable } from "../../data/features.ts";
import type { Expression } from "../../expression/compile.ts";
import { numbers } from "../../expression/evaluate.ts";
import type { Scope } from "../../expression/scope.ts";
import { expression } from "../references.ts";

/** Multiply scores: a push, not a must. */
export const Boosts = Type.Array(
  Type.Object(
    {
      by: expression("number", "items", {
        description: "An expression whose number the score is multiplied by: `if fresh then 1.2 else 1`.",
      }),
    },
    { additionalProperties: false, title: "Boost", description: "Multiplies the score of some items." },
  ),
  { maxItems: 50, description: "Factors by which scores are multiplied." },
);

/** Factors are kept within these, so that products stay finite and an item with factor 0 still has an order among such. */
const SMALLEST = 1e-6;
const LARGEST = 1e6;

/**
 * The factor of each item: the product of its boosts. A boost that is null says nothing, and counts as 1.
 *
 * @returns one factor an item, in [1e-6, 1e6]
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
 * A score with its boost. A negative score is divided, so that a factor above 1 raises an item and one below 1 lowers it whatever the scale
 * of the scores.
 */
export function boosted(score: number, factor: number): number {
  return score < 0 ? score / factor : score * factor;
}
