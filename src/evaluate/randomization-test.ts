import { normalUpperTail } from "./normal.ts";

/** Up to so many users that differ, all sign patterns are tried; beyond, their distribution is known well enough without. */
const EXACT_UP_TO = 16;

/**
 * Paired randomization test (Fisher 1935, sign flips): the chance, if two models were exchangeable for every user, of a total difference
 * at least as large as the one seen, either way. In (0, 1]; 1 when no user differs. It assumes no shape of the differences, and is with
 * the t test the one that holds its error rate and finds most in retrieval experiments (Smucker et al. 2007; Urbano et al. 2019); the
 * same studies advise against Wilcoxon's test, which asks about something other than the mean, and against bootstrap tests.
 *
 * Up to 16 users that differ it is exact. Beyond, in place of drawing patterns (whose p-value cannot be smaller than 1 / draws, too
 * coarse after a correction for many comparisons), the tail of the sign-flip distribution comes from its saddlepoint approximation
 * (Robinson 1982; Barndorff-Nielsen's r*), whose relative error is far below what drawing reaches, and which needs no seed. Where
 * differences take few values (hits or misses) it gives the mid-p value, as is advised for McNemar's test (Fagerland et al. 2013).
 *
 * @param differences one a user: first model minus second; NaN for users whom one of them has no number for
 */
export function randomizationTest(differences: Float64Array): number {
  let largest = 0;
  for (const difference of differences) if (Math.abs(difference) > largest) largest = Math.abs(difference);
  if (largest === 0) return 1;
  // Differences of rounding are no differences.
  const sizes = differences.filter((difference) => Math.abs(difference) > largest * 1e-12).map((difference) => difference / largest);
  let total = 0;
  let most = 0;
  for (let i = 0; i < sizes.length; i++) {
    total += sizes[i];
    sizes[i] = Math.abs(sizes[i]);
    most += sizes[i];
  }
  total = Math.abs(total);
  if (sizes.length <= EXACT_UP_TO) return exact(sizes, total);
  // All users agree on the better model: one pattern of all is as extreme, and its mirror.
  if (total > most - 1e-9) return 2 ** (1 - sizes.length);
  return Math.min(1, 2 * saddlepointTail(sizes, total));
}

/** Share of the sign patterns whose sum is at least `total` in size. One sign is fixed, as mirrored patterns have mirrored sums. */
function exact(sizes: Float64Array, total: number): number {
  const patterns = 2 ** (sizes.length - 1);
  let extreme = 0;
  for (let pattern = 0; pattern < patterns; pattern++) {
    let sum = sizes[sizes.length - 1];
    for (let i = 0; i < sizes.length - 1; i++) sum += (pattern >> i) & 1 ? sizes[i] : -sizes[i];
    if (Math.abs(sum) >= total - 1e-9) extreme++;
  }
  return extreme / patterns;
}

/**
 * P(sum of ±sizes > total) by the saddlepoint t of the cumulant generating function K(t) = sum of log cosh(t * size):
 * K'(t) = total, r = sqrt(2 (t * total - K)), q = t sqrt(K''), and the tail of the normal distribution beyond r + log(q / r) / r.
 */
function saddlepointTail(sizes: Float64Array, total: number): number {
  let squares = 0;
  for (let i = 0; i < sizes.length; i++) squares += sizes[i] ** 2;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let t = total / squares;
  let curvature = squares;
  for (let round = 0; round < 100; round++) {
    let slope = 0;
    curvature = 0;
    for (let i = 0; i < sizes.length; i++) {
      const size = sizes[i];
      const tanh = Math.tanh(t * size);
      slope += size * tanh;
      curvature += size * size * (1 - tanh * tanh);
    }
    const gap = slope - total;
    if (Math.abs(gap) <= 1e-10 * total) break;
    if (gap > 0) high = t;
    else low = t;
    const newton = t - gap / curvature;
    t = newton > low && newton < high ? newton : high === Number.POSITIVE_INFINITY ? 2 * t : (low + high) / 2;
  }
  let cumulant = 0;
  for (let i = 0; i < sizes.length; i++) {
    const x = t * sizes[i];
    cumulant += x + Math.log1p(Math.exp(-2 * x)) - Math.LN2;
  }
  const r = Math.sqrt(Math.max(0, 2 * (t * total - cumulant)));
  // At the centre the correction is 0 / 0; its limit is 0, the distribution being symmetric.
  if (r < 1e-3) return normalUpperTail(total / Math.sqrt(squares));
  return normalUpperTail(r + Math.log((t * Math.sqrt(curvature)) / r) / r);
}
