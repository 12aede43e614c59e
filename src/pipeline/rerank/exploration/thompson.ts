import { Type } from "typebox";
import type { Random } from "../../../util/random.ts";
import { defineExploration, type Explored, type Feedback } from "./define-exploration.ts";

export const thompson = defineExploration({
  kind: "thompson",
  description: "Thompson sampling on each item's conversion rate. Works best with many requests.",
  words: "Thompson sampling",
  options: {
    share: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1, description: "The share of places to explore, counted from the end of the list. Default 1." }),
    ),
  },
  create:
    ({ share = 1 }) =>
    ({ list, open, spares, members, feedback, random }) => {
      // The first places are worth the most, so explore the last ones.
      const taking = Math.ceil(share * open.length - 1e-9);
      return thompsonSampling(list, open.slice(open.length - taking), spares, members, feedback, random);
    },
});

/** Number of lists drawn to estimate propensities. */
const SIMULATIONS = 100;

/** Limits for the rate in the prior, which has no spread outside them. */
const RATES = [1e-4, 0.9] as const;

/**
 * Thompson sampling: draws a conversion rate for each item from its posterior and gives the open places to the items with the largest
 *
 *     rate / log2(1 + its previous place)
 *
 * The rate is drawn from Beta(1 + taken, (1 - r) / r + shown - taken), with r the rate over all items. An item that was never shown has
 * mean r and an equally large spread, so it gets its chance; an item shown often gets what it earned. Dividing by the place keeps the list
 * personal. Eligible are the items of the open places and twice as many of the best spares.
 *
 * Propensities are estimated from 100 more simulated lists: (hits + 1) / 101, where hits counts the lists with the item in the same place
 * and the 1 is the list shown. The error is about sqrt(p / 100), and no propensity is below 1/101.
 *
 * Source: Thompson 1933; Chapelle and Li 2011.
 *
 * @param members item index by position
 */
function thompsonSampling(
  list: readonly number[],
  open: readonly number[],
  spares: readonly number[],
  members: Uint32Array,
  { shown, taken, rate }: Feedback,
  random: Random,
): Explored {
  const explored = [...list];
  const propensities = new Float32Array(list.length).fill(1);
  const arms = [...open.map((place) => list[place]), ...spares.slice(0, 2 * open.length)];
  const known = Math.min(RATES[1], Math.max(RATES[0], rate));
  const successes = arms.map((position) => 1 + (taken[members[position]] ?? 0));
  const failures = arms.map(
    (position) => (1 - known) / known + Math.max(0, (shown[members[position]] ?? 0) - (taken[members[position]] ?? 0)),
  );
  const discounts = arms.map((_, i) => 1 / Math.log2(2 + (i < open.length ? open[i] : list.length + i - open.length)));
  const values = new Float64Array(arms.length);
  const draw = (source: Random, into: Uint32Array) => {
    for (let i = 0; i < arms.length; i++) values[i] = beta(successes[i], failures[i], source) * discounts[i];
    for (let place = 0; place < into.length; place++) {
      let best = 0;
      for (let i = 1; i < arms.length; i++) if (values[i] > values[best]) best = i;
      into[place] = best;
      values[best] = -1;
    }
  };

  const simulation = random.split(SIMULATIONS);
  const chosen = new Uint32Array(open.length);
  draw(random, chosen);
  const hits = new Uint32Array(open.length).fill(1);
  const drawn = new Uint32Array(open.length);
  for (let run = 0; run < SIMULATIONS; run++) {
    draw(simulation, drawn);
    for (let i = 0; i < drawn.length; i++) hits[i] += Number(drawn[i] === chosen[i]);
  }
  open.forEach((place, i) => {
    explored[place] = arms[chosen[i]];
    propensities[place] = hits[i] / (SIMULATIONS + 1);
  });
  return { list: explored, propensities };
}

/** A draw from Beta(a, b), a >= 1. */
function beta(a: number, b: number, random: Random): number {
  // Inverse of the distribution function, for the many items without conversions.
  if (a === 1) return 1 - (1 - random.uniform()) ** (1 / b);
  const x = gamma(a, random);
  return x / (x + gamma(b, random));
}

/** A draw from Gamma(shape, 1), by Marsaglia and Tsang 2000. */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
