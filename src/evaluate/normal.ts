// Ours, because libraries are less exact: @stdlib's quantile (some 150 packages) is off by 1e-8 at p = 1e-10, where this one is within 1e-13 of
// scipy's, and simple-statistics is off by 3e-3 at p = 0.025.

/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * The chance that a standard normal value exceeds x, to about 1e-14 of its size, far out in the tail too: the series around 0 (Abramowitz
 * and Stegun 1964, 26.2.11), and a continued fraction from 3 on (26.2.14).
 */
export function normalUpperTail(x: number): number {
  if (x < 0) return 1 - normalUpperTail(-x);
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let n = 3; term > sum * 1e-17; n += 2) {
      term *= (x * x) / n;
      sum += term;
    }
    return 0.5 - normalDensity(x) * sum;
  }
  let fraction = 0;
  for (let n = 100; n > 0; n--) fraction = n / (x + fraction);
  return normalDensity(x) / (x + fraction);
}

/** The chance that a standard normal value is at most x. */
export function normalCumulative(x: number): number {
  return normalUpperTail(-x);
}

/** The x with {@link normalCumulative}(x) = p, for p in (0, 1): a first guess (26.2.23), made exact by Halley's method. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  const t = Math.sqrt(-2 * Math.log(p));
  let x = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
  for (let round = 0; round < 3; round++) {
    const step = (normalUpperTail(-x) - p) / normalDensity(x);
    x -= step / (1 + (x * step) / 2);
  }
  return x;
}
