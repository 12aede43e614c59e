/**
 * P-values corrected for multiple comparisons by Holm's step-down method: the smallest is multiplied by their number m, the next by m - 1, and so
 * on; none is smaller than the one before it or above 1. If you call those below alpha significant, the probability of even one false positive is
 * at most alpha, however the tests depend on each other.
 *
 * Source: Holm 1979.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a] - pValues[b]);
  const adjusted = new Array<number>(pValues.length);
  let reached = 0;
  order.forEach((index, place) => {
    reached = Math.max(reached, Math.min(1, pValues[index] * (pValues.length - place)));
    adjusted[index] = reached;
  });
  return adjusted;
}
