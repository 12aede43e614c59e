/** The p-quantile (p in [0, 1]) of ascending numbers, interpolated between the two nearest; 0 if there are none. */
export function quantile(ascending: ArrayLike<number>, p: number): number {
  const n = ascending.length;
  if (n === 0) return 0;
  const at = (n - 1) * p;
  const below = Math.floor(at);
  const above = Math.min(below + 1, n - 1);
  return ascending[below] + (at - below) * (ascending[above] - ascending[below]);
}

/**
 * Median and spread of numbers, robust to outliers: the spread is 1.4826 times the median distance from the median (Hampel 1974), computed
 * from the values at or above the median because counts are skewed.
 */
export function robustScale(values: Float64Array): { median: number; spread: number } {
  const sorted = values.slice().sort();
  const median = quantile(sorted, 0.5);
  const distances = sorted.filter((value) => value >= median).map((value) => value - median);
  return { median, spread: 1.4826 * quantile(distances, 0.5) };
}

/** How often each index in [0, size) occurs in `column`. */
export function countOf(column: Uint32Array, size: number): Uint32Array {
  const counts = new Uint32Array(size);
  for (let i = 0; i < column.length; i++) counts[column[i]]++;
  return counts;
}
