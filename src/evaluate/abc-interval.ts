import type { Interval } from "./bootstrap.ts";
import { normalQuantile } from "./normal.ts";
import { influences, meanOf, type UserSeries } from "./user-series.ts";

/**
 * The approximate bootstrap confidence (ABC) interval of a mean: the limit of the BCa bootstrap interval with many resamples, computed without
 * resampling from the spread and skew of the users. Used where many intervals are needed (segments). Two NaN ends for fewer than two users.
 *
 * Source: DiCiccio and Efron 1992; for a mean, whose quadratic and bias terms are 0.
 */
export function abcInterval(series: UserSeries, confidence: number): Interval {
  const users = series.sums.length;
  const mean = meanOf(series);
  if (users < 2 || Number.isNaN(mean)) return [Number.NaN, Number.NaN];
  let squares = 0;
  let cubes = 0;
  for (const influence of influences(series)) {
    squares += influence ** 2;
    cubes += influence ** 3;
  }
  if (squares === 0) return [mean, mean];
  const acceleration = cubes / (6 * squares ** 1.5);
  const end = (probability: number): number => {
    const w = acceleration + normalQuantile(probability);
    return mean + ((Math.sqrt(squares) / users) * w) / (1 - acceleration * w) ** 2;
  };
  return [end((1 - confidence) / 2), end((1 + confidence) / 2)];
}
