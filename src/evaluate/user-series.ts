/**
 * What each user contributes to a mean: the estimate is the sum of `sums` divided by the sum of `counts`. A user without a number counts 0; without
 * `counts`, everyone counts 1. So a mean over users and a mean over ratings grouped by user work the same way, and both are resampled by user.
 */
export interface UserSeries {
  readonly sums: Float64Array;
  readonly counts?: Float64Array;
}

/** The series of one number per user, NaN for users without one. */
export function seriesOf(values: Float64Array): UserSeries {
  if (!values.some(Number.isNaN)) return { sums: values };
  return { sums: values.map((value) => (Number.isNaN(value) ? 0 : value)), counts: values.map((value) => (Number.isNaN(value) ? 0 : 1)) };
}

/** Users who count. */
export function usersOf({ sums, counts }: UserSeries): number {
  return counts === undefined ? sums.length : counts.reduce((n, count) => n + (count > 0 ? 1 : 0), 0);
}

/** The mean; NaN if nobody counts. */
export function meanOf({ sums, counts }: UserSeries): number {
  return total(sums) / (counts === undefined ? sums.length : total(counts));
}

/** How much each user moves the mean, to first order: (sum - mean * count) / (mean count). Sums to 0. */
export function influences(series: UserSeries): Float64Array {
  const { sums, counts } = series;
  const mean = meanOf(series);
  const perUser = (counts === undefined ? sums.length : total(counts)) / sums.length;
  return sums.map((sum, user) => (sum - mean * (counts === undefined ? 1 : counts[user])) / perUser);
}

function total(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}
