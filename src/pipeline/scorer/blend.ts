import { Type } from "typebox";
import { defineScorer, type Scorer } from "./scorer.ts";

/** Options of blends. */
export const blendOptions = {
  method: Type.Optional(
    Type.Union([Type.Literal("ranks"), Type.Literal("scores")], {
      description:
        "What to add up: the items' ranks in each source (`ranks`, the default; reciprocal rank fusion, Cormack et al. 2009) or their scores, normalized per source (`scores`).",
    }),
  ),
};

export const blend = defineScorer({
  kind: "blend",
  description: "The weighted sum over all sources.",
  options: blendOptions,
  create: blendOf,
});

/** The constant of reciprocal rank fusion: how quickly lower ranks lose influence. The authors' value. */
const SMOOTHING = 60;

/**
 * Combines ranks, so the scales of the sources don't matter (reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009):
 *
 *     score = sum over sources that return the item of weight · 61 / (60 + rank)
 *
 * so the first item of a source with weight 1 gets 1 from it.
 *
 * @param weights by source name; default 1
 */
export function blendRanks(weights: Readonly<Record<string, number>> = {}): Scorer {
  return {
    fillsIn: false,
    score({ names, ranks, stride }, out) {
      out.fill(0);
      for (let column = 0; column < names.length; column++) {
        const weight = weightOf(weights, names[column]) * (SMOOTHING + 1);
        const first = column * stride;
        if (weight === 0) continue;
        for (let row = 0; row < out.length; row++) if (ranks[first + row] > 0) out[row] += weight / (SMOOTHING + ranks[first + row]);
      }
    },
  };
}

/**
 * Combines scores, normalizing each source's to [0, 1] over the candidates of the request (min-max: Fox and Shaw 1994). Sources that can
 * also score the other sources' candidates; a missing score adds nothing.
 *
 * @param weights by source name; default 1
 */
export function blendScores(weights: Readonly<Record<string, number>> = {}): Scorer {
  return {
    fillsIn: true,
    score({ names, scores, stride }, out) {
      out.fill(0);
      for (let column = 0; column < names.length; column++)
        addScaled(scores.subarray(column * stride, column * stride + out.length), weightOf(weights, names[column]), out);
    },
  };
}

function addScaled(scores: Float32Array, weight: number, out: Float32Array): void {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < out.length; row++) {
    const score = scores[row];
    if (!Number.isFinite(score)) continue;
    if (score < least) least = score;
    if (score > most) most = score;
  }
  const width = most - least;
  for (let row = 0; row < out.length; row++) {
    const score = scores[row];
    if (Number.isNaN(score)) continue;
    // All equal: each one is as good as the best.
    const scaled = width > 0 ? Math.min(1, Math.max(0, (score - least) / width)) : 1;
    out[row] += weight * scaled;
  }
}

/** Blend scores are at least 0, so a negative weight counts as 0. */
function weightOf(weights: Readonly<Record<string, number>>, name: string): number {
  return Object.hasOwn(weights, name) ? Math.max(0, weights[name]) : 1;
}

/** The blend for a method. */
export function blendOf({
  weights,
  method,
}: {
  readonly weights?: Readonly<Record<string, number>>;
  readonly method?: "ranks" | "scores";
}): Scorer {
  return method === "scores" ? blendScores(weights) : blendRanks(weights);
}
