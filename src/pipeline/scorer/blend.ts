import { Type } from "typebox";
import { defineScorer, type Scorer } from "./scorer.ts";

/** What blends can add up. */
export const blendOptions = {
  method: Type.Optional(
    Type.Union([Type.Literal("ranks"), Type.Literal("scores")], {
      description:
        "Add up places in the lists of the sources (`ranks`, the default: reciprocal rank fusion, Cormack et al. 2009) or their scores, brought to one scale (`scores`).",
    }),
  ),
};

export const blend = defineScorer({
  kind: "blend",
  description: "Adds up what the sources say, each by its weight.",
  options: blendOptions,
  create: blendOf,
});

/** The constant of reciprocal rank fusion: how soon places stop to matter. The authors' value. */
const SMOOTHING = 60;

/**
 * One score from ranks alone, whatever the scales of the sources (reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009):
 *
 *     score = sum over sources that name the item of weight · 61 / (60 + rank)
 *
 * so that the first item of a source of weight 1 has 1 from it.
 *
 * @param weights by name of source, 1 where absent
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
 * One score from the scores, each source's brought to [0, 1] over the candidates of the request (min-max: Fox and Shaw 1994). A source that
 * can score what others named is asked to; where it cannot tell, it adds nothing.
 *
 * @param weights by name of source, 1 where absent
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
    // All alike: every one is as good as the best.
    const scaled = width > 0 ? Math.min(1, Math.max(0, (score - least) / width)) : 1;
    out[row] += weight * scaled;
  }
}

/** Blends give scores of at least 0, so a negative weight counts as none. */
function weightOf(weights: Readonly<Record<string, number>>, name: string): number {
  return Object.hasOwn(weights, name) ? Math.max(0, weights[name]) : 1;
}

/** The blend of a method. */
export function blendOf({
  weights,
  method,
}: {
  readonly weights?: Readonly<Record<string, number>>;
  readonly method?: "ranks" | "scores";
}): Scorer {
  return method === "scores" ? blendScores(weights) : blendRanks(weights);
}
