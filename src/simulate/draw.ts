import type { Random } from "../util/random.ts";

/** One of `things` at random. */
export function pick<T>(things: readonly T[], random: Random): T {
  return things[random.integer(things.length)];
}

/** Running sums of non-negative weights, for {@link drawIndex}. */
export function runningSums(weights: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i];
    sums[i] = sum;
  }
  return sums;
}

/**
 * Draws an index with probability proportional to its weight, by bisection; from `from` up to, not including, `to`, by default from all. The weights
 * must not all be 0.
 */
export function drawIndex(sums: Float64Array, random: Random, from = 0, to = sums.length): number {
  const before = from === 0 ? 0 : sums[from - 1];
  const at = before + random.uniform() * (sums[to - 1] - before);
  let low = from;
  let high = to - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle] > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
