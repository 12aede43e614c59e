import type { Metric } from "../metrics/metric.ts";
import { abcInterval, bcaInterval, type Interval, resampledMeans } from "./bootstrap.ts";
import type { Comparison, Estimate, MetricColumn, Segment } from "./evaluation-result.ts";
import { holm } from "./holm.ts";
import type { Measured } from "./measure-model.ts";
import { randomizationTest } from "./randomization-test.ts";
import type { Groups } from "./segments.ts";
import { influences, meanOf, seriesOf, type UserSeries, usersOf } from "./user-series.ts";

export interface SummaryOptions {
  readonly columns: readonly MetricColumn[];
  readonly metrics: readonly Metric[];
  readonly confidence: number;
  readonly resamples: number;
  readonly seed: number;
}

/** The measured models by label, in the order given. */
export type MeasuredModels = ReadonlyMap<string, Measured>;

/** One column of one model, ready for estimates and differences. */
interface Cell {
  readonly label: string;
  readonly series: UserSeries;
  readonly value: number;
  /** How much each user moves the value. */
  readonly influence: Float64Array;
  /** The value in each resample of the users; all cells share the resamples. */
  readonly resampled: Float64Array;
}

/** The estimates of each model by column, and the comparisons of all pairs of models in every column. */
export function summarize(
  models: MeasuredModels,
  options: SummaryOptions,
): { estimates: Map<string, Record<string, Estimate>>; comparisons: Comparison[] } {
  const { columns, confidence } = options;
  const cells = cellsByColumn(models, options);
  const estimates = new Map([...models.keys()].map((label): [string, Record<string, Estimate>] => [label, {}]));
  for (const { name } of columns) {
    for (const { label, series, value, influence, resampled } of cells.get(name) ?? [])
      Object.assign(estimates.get(label) ?? {}, {
        [name]: estimate(value, bcaInterval(resampled, value, influence, confidence), usersOf(series)),
      });
    for (const [label, { totals, lists }] of models) {
      const value = totals.get(name);
      if (value !== undefined) Object.assign(estimates.get(label) ?? {}, { [name]: estimate(value, [Number.NaN, Number.NaN], lists) });
    }
  }
  return { estimates, comparisons: columns.flatMap((column) => compare(column, cells.get(column.name) ?? [], confidence)) };
}

/** Estimates for groups of users. */
export function summarizeUserGroups(models: MeasuredModels, groups: Groups, options: SummaryOptions): Segment {
  const rows = groups.names.map((_, g) => Uint32Array.from(groups.group.keys()).filter((row) => groups.group[row] === g));
  return {
    by: "history-length",
    groups: groups.names.map((name, g) => ({
      name,
      users: rows[g].length,
      values: estimatesOf(models, options, ({ series }, column) => {
        const whole = series.get(column);
        return whole && pick(whole, rows[g]);
      }),
    })),
  };
}

/** Estimates for groups of held-out items. */
export function summarizeItemGroups(models: MeasuredModels, groups: Groups, options: SummaryOptions): Segment {
  const [first] = models.values();
  return {
    by: "item-popularity",
    groups: groups.names.map((name, g) => ({
      name,
      users: [...(first?.byItemGroup[g]?.values() ?? [])].slice(0, 1).reduce((_, values) => usersOf(seriesOf(values)), 0),
      values: estimatesOf(models, options, ({ byItemGroup }, column) => {
        const values = byItemGroup[g]?.get(column);
        return values && { sums: values.filter((value) => !Number.isNaN(value)) };
      }),
    })),
  };
}

function estimatesOf(
  models: MeasuredModels,
  { columns, metrics, confidence }: SummaryOptions,
  seriesIn: (measured: Measured, column: string) => UserSeries | undefined,
): Record<string, Record<string, Estimate>> {
  const byLabel: Record<string, Record<string, Estimate>> = {};
  for (const [label, measured] of models) {
    byLabel[label] = {};
    for (const { name, metric } of columns) {
      const series = seriesIn(measured, name);
      if (series === undefined) continue;
      const finish = finishOf(metric, metrics);
      const [low, high] = abcInterval(series, confidence);
      byLabel[label][name] = estimate(finish(meanOf(series)), [finish(low), finish(high)], usersOf(series));
    }
  }
  return byLabel;
}

function cellsByColumn(models: MeasuredModels, { columns, metrics, resamples, seed }: SummaryOptions): Map<string, Cell[]> {
  const entries = columns.flatMap(({ name, metric }) =>
    [...models].flatMap(([label, { series }]) => {
      const own = series.get(name);
      return own === undefined ? [] : [{ name, label, series: own, finish: finishOf(metric, metrics) }];
    }),
  );
  const means = resampledMeans(
    entries.map((entry) => entry.series),
    { resamples, seed },
  );
  const cells = new Map<string, Cell[]>();
  entries.forEach(({ name, label, series, finish }, i) => {
    const mean = meanOf(series);
    const slope = slopeAt(finish, mean);
    const cell = {
      label,
      series,
      value: finish(mean),
      influence: influences(series).map((value) => slope * value),
      resampled: means[i].map(finish),
    };
    cells.set(name, [...(cells.get(name) ?? []), cell]);
  });
  return cells;
}

function compare({ name, better }: MetricColumn, cells: readonly Cell[], confidence: number): Comparison[] {
  const pairs = cells.flatMap((one, i) =>
    cells.slice(i + 1).map((two) => (two.value > one.value === (better === "higher") && two.value !== one.value ? [two, one] : [one, two])),
  );
  const pValues = pairs.map(([a, b]) => randomizationTest(perUserDifferences(a.series, b.series)));
  const adjusted = holm(pValues);
  return pairs.map(([a, b], i) => {
    const difference = a.value - b.value;
    const resampled = a.resampled.map((value, r) => value - b.resampled[r]);
    const influence = a.influence.map((value, user) => value - b.influence[user]);
    const { low, high } = estimate(difference, bcaInterval(resampled, difference, influence, confidence), 0);
    return {
      column: name,
      a: a.label,
      b: b.label,
      difference,
      low,
      high,
      p: pValues[i],
      pAdjusted: adjusted[i],
      significant: adjusted[i] < 1 - confidence,
    };
  });
}

/** NaN for users for whom one of the two has no number. */
function perUserDifferences(a: UserSeries, b: UserSeries): Float64Array {
  return a.sums.map((sum, user) => (a.counts?.[user] === 0 || b.counts?.[user] === 0 ? Number.NaN : sum - b.sums[user]));
}

function pick({ sums, counts }: UserSeries, rows: Uint32Array): UserSeries {
  const kept = counts === undefined ? rows : rows.filter((row) => counts[row] > 0);
  const take = (values: Float64Array) => Float64Array.from(kept, (row) => values[row]);
  return counts === undefined ? { sums: take(sums) } : { sums: take(sums), counts: take(counts) };
}

function finishOf(metric: string, metrics: readonly Metric[]): (mean: number) => number {
  const found = metrics.find((candidate) => candidate.name === metric);
  return found?.over === "ratings" ? found.finish : (mean) => mean;
}

/** The derivative, which turns influences on the mean into influences on the final value. */
function slopeAt(finish: (mean: number) => number, mean: number): number {
  const h = Math.abs(mean) * 1e-4;
  return h === 0 ? 1 : (finish(mean + h) - finish(mean - h)) / (2 * h);
}

function estimate(value: number, [low, high]: Interval, users: number): Estimate {
  const orNull = (number: number) => (Number.isFinite(number) ? number : null);
  return { value: orNull(value), low: orNull(low), high: orNull(high), users };
}
