/**
 * P-values corrected for being many, by Holm's step-down method: the smallest is multiplied by their number m, the next by m - 1, and so
 * on, none below the one before it and none above 1. Calling those below alpha significant makes even one false call with a chance of at
 * most alpha, however the tests depend on one another.
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
