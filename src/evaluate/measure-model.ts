import type { Catalog } from "../metrics/catalog.ts";
import type { Metric, RatingMetric, ScoreMetric } from "../metrics/metric.ts";
import { type OnProgress, step } from "../util/progress.ts";
import { type AskedHistories, askedHistories, type RankingModel } from "./asked-histories.ts";
import { ListJudge, type ValuesByColumn } from "./list-judge.ts";
import { SampledCandidates } from "./sampled-candidates.ts";
import type { Groups } from "./segments.ts";
import type { Targets } from "./targets.ts";
import { seriesOf, type UserSeries } from "./user-series.ts";

/** The settings shared by all models. */
export interface MeasurePlan {
  readonly targets: Targets;
  readonly catalog: Catalog;
  readonly metrics: readonly Metric[];
  readonly ks: readonly number[];
  /** Random candidates in addition to the held-out items; all items if omitted. */
  readonly negatives: number | undefined;
  readonly itemGroups: Groups | undefined;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress | undefined;
}

/** The results of one model, user by user. */
export interface Measured {
  readonly rankSeconds: number;
  /** By column name. */
  readonly series: ReadonlyMap<string, UserSeries>;
  /** Numbers that are not means over users. */
  readonly totals: ReadonlyMap<string, number>;
  /** By item group. */
  readonly byItemGroup: readonly ValuesByColumn[];
  /** Users with a list, and the number of them whose list was shorter than requested. */
  readonly lists: number;
  readonly shortLists: number;
}

/** Rows ranked between two progress reports. */
const LIST_BLOCK = 4096;

/** Scores kept at a time: 16 MB, so that they are still in or near the cache when they are judged. */
const SCORE_BLOCK = 1 << 22;

/** Ranks and scores for all users in blocks, so that memory doesn't grow with users times items. */
export async function measureModel(model: RankingModel, plan: MeasurePlan): Promise<Measured> {
  const judge = new ListJudge(plan);
  const ratings = new Map<string, UserSeries>();
  let rankSeconds = 0;
  const asked = askedHistories(model, plan.targets);
  if (plan.negatives === undefined) rankSeconds += await rankLists(model, asked, plan, judge);
  const scoring = scoreJudges(model, plan, judge, ratings);
  if (scoring.length > 0) rankSeconds += await scoreItems(model, asked, plan, scoring);
  const series = new Map([...[...judge.values].map(([name, values]) => [name, seriesOf(values)] as const), ...ratings]);
  const { valuesByGroup: byItemGroup, shortLists, lists } = judge;
  return { rankSeconds, series, totals: judge.exposureValues(), byItemGroup, shortLists, lists };
}

async function rankLists(
  model: RankingModel,
  asked: AskedHistories,
  { targets, ks, catalog, signal, onProgress }: MeasurePlan,
  judge: ListJudge,
): Promise<number> {
  const { users } = targets;
  const k = Math.min(Math.max(...ks), catalog.items);
  let milliseconds = 0;
  for (let from = 0; from < users.length; from += LIST_BLOCK) {
    await step({ task: `${model.name}: ranking`, done: from, total: users.length }, onProgress, signal);
    const block = users.subarray(from, from + LIST_BLOCK);
    const histories = asked(from, from + block.length);
    const start = performance.now();
    const lists = model.rank(histories, { k, exclude: histories.bag() });
    milliseconds += performance.now() - start;
    judge.judge(from, block.length, lists.items, lists.k);
  }
  return milliseconds / 1000;
}

/** Judges the scores of all items for one user. */
type ScoreJudge = (row: number, scores: Float32Array) => void;

function scoreJudges(model: RankingModel, plan: MeasurePlan, judge: ListJudge, ratings: Map<string, UserSeries>): ScoreJudge[] {
  const { targets, metrics, negatives, ks, seed, catalog } = plan;
  const judges: ScoreJudge[] = [];
  if (negatives !== undefined) {
    const candidates = new SampledCandidates(targets, negatives, seed);
    const k = Math.min(Math.max(...ks), catalog.items);
    const list = new Uint32Array(k);
    judges.push((row, scores) => {
      candidates.rank(row, scores, k, list, 0);
      judge.judge(row, 1, list, k);
    });
  }
  for (const metric of metrics) {
    if (metric.over === "scores") judges.push(judgeScores(metric, targets, judge.values));
    if (metric.over === "ratings" && model.predicts === "rating") judges.push(judgeRatings(metric, targets, ratings));
  }
  return judges;
}

function judgeScores(metric: ScoreMetric, { users, relevant, history }: Targets, into: ValuesByColumn): ScoreJudge {
  const values = new Float64Array(users.length).fill(Number.NaN);
  into.set(metric.name, values);
  return (row, scores) => {
    const wanted = relevant.indices.subarray(relevant.offsets[row], relevant.offsets[row + 1]);
    const seen = history.indices.subarray(history.offsets[users[row]], history.offsets[users[row] + 1]);
    if (wanted.length > 0) values[row] = metric.measure(scores, wanted, seen);
  };
}

function judgeRatings(metric: RatingMetric, { users, withheld }: Targets, into: Map<string, UserSeries>): ScoreJudge {
  const sums = new Float64Array(users.length);
  const counts = new Float64Array(users.length);
  into.set(metric.name, { sums, counts });
  return (row, scores) => {
    const from = withheld.offsets[users[row]];
    const to = withheld.offsets[users[row] + 1];
    for (let i = from; i < to; i++) sums[row] += metric.loss(scores[withheld.indices[i]], withheld.values[i]);
    counts[row] = to - from;
  };
}

async function scoreItems(
  model: RankingModel,
  asked: AskedHistories,
  { targets, catalog, signal, onProgress }: MeasurePlan,
  judges: readonly ScoreJudge[],
): Promise<number> {
  const { users } = targets;
  const rows = Math.min(users.length, Math.max(1, Math.floor(SCORE_BLOCK / catalog.items)));
  const scores = new Float32Array(rows * catalog.items);
  let milliseconds = 0;
  for (let from = 0; from < users.length; from += rows) {
    await step({ task: `${model.name}: scoring`, done: from, total: users.length }, onProgress, signal);
    const block = users.subarray(from, from + rows);
    const histories = asked(from, from + block.length);
    const start = performance.now();
    model.scores(histories, scores.subarray(0, block.length * catalog.items));
    milliseconds += performance.now() - start;
    for (let r = 0; r < block.length; r++)
      for (const judge of judges) judge(from + r, scores.subarray(r * catalog.items, (r + 1) * catalog.items));
  }
  return milliseconds / 1000;
}
