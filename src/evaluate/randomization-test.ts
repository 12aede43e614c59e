import { normalUpperTail } from "./normal.ts";

/** Up to this many users that differ, all sign patterns are tried; above, the approximation is accurate enough. */
const EXACT_UP_TO = 16;

/**
 * Paired randomization test (Fisher 1935, sign flips): the probability, if the two models were exchangeable for every user, of a total difference
 * at least as large as the observed one, in either direction. In (0, 1]; 1 if no user differs. It makes no assumption about the shape of the
 * differences. In retrieval experiments, it and the t test keep their error rate and find the most differences (Smucker et al. 2007; Urbano et al.
 * 2019). The same studies advise against Wilcoxon's test, which doesn't test the mean, and against bootstrap tests.
 *
 * It is exact for up to 16 users that differ. Above that, it doesn't draw patterns (their p-value can't be smaller than 1 / draws, which is too
 * coarse after correcting for many comparisons). Instead, the tail of the sign-flip distribution comes from its saddlepoint approximation (Robinson
 * 1982; Barndorff-Nielsen's r*), whose relative error is far below that of drawing, and which needs no seed. If differences take few values (hits
 * or misses) it gives the mid-p value, as recommended for McNemar's test (Fagerland et al. 2013).
 *
 * @param differences one per user: first model minus second; NaN for users for whom one of them has no number
 */
export function randomizationTest(differences: Float64Array): number {
  let largest = 0;
  for (const difference of differences) if (Math.abs(difference) > largest) largest = Math.abs(difference);
  if (largest === 0) return 1;
  // Ignore differences due to rounding.
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
  // All users favor the same model: only this pattern and its mirror image are as extreme.
  if (total > most - 1e-9) return 2 ** (1 - sizes.length);
  return Math.min(1, 2 * saddlepointTail(sizes, total));
}

/** Share of the sign patterns whose sum has at least the size of `total`. One sign is fixed, because mirrored patterns have mirrored sums. */
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
  // At the center the correction is 0 / 0; its limit is 0, because the distribution is symmetric.
  if (r < 1e-3) return normalUpperTail(total / Math.sqrt(squares));
  return normalUpperTail(r + Math.log((t * Math.sqrt(curvature)) / r) / r);
}
