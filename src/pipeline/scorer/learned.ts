import { blendOf, blendOptions } from "./blend.ts";
import { logisticRegression } from "./logistic-regression.ts";
import { blendPart, logBlend, PER_SOURCE, type ScoreScale, scaleOf, writeFeatures } from "./rank-features.ts";
import { BLEND, defineScorer, type Scorer } from "./scorer.ts";

export const learned = defineScorer({
  kind: "learned",
  description: "Learned from impressions and their outcomes once there is enough data. Until then, a blend.",
  options: blendOptions,
  learns: true,
  create: blendOf,
});

/** An impression and its outcome. All entries are in the order shown. */
export interface ImpressionOutcome {
  /**
   * As logged by a pipeline: `NAME` holds a source's scores and `NAME rank` its ranks, NaN if it didn't return the item. `blend score`
   * holds the blend's scores; if it is missing, they are computed from the ranks.
   */
  readonly features: Readonly<Record<string, ArrayLike<number>>>;
  /** Above 0 for items that converted. */
  readonly gains: ArrayLike<number>;
}

/** The result of learning: a scorer, or the reason to keep the blend. */
export interface Learned {
  readonly scorer: Scorer | undefined;
  /** An explanation for people, with metrics. */
  readonly reason: string;
  /** Mean discounted gain per list, corrected for position bias, on the held-out newest lists. */
  readonly gain: { readonly learned: number; readonly blend: number } | undefined;
}

/** The part that requests need. */
export type LearnedSoFar = Pick<Learned, "scorer" | "reason">;

/** How many of the newest lists to use, and the share of them held out for validation. */
const MOST_LISTS = 20_000;
const HELD_OUT = 0.25;
/** Lists to process before pausing, so that requests can be answered. */
const LISTS_PER_SLICE = 200;
/** Minimum number of conversions to learn from. */
const MIN_CONVERSIONS = 200;
/** Last place of each position-bias bucket. Early places have their own; later ones share. */
const PLACE_ENDS = [1, 2, 3, 4, 5, 7, 10, 15, 25, Number.POSITIVE_INFINITY];
/** L2 penalties: nearly none for places and the blend, more for corrections to the blend. */
const FREE = 0.01;
const PENALTY = 5;
/** Lower limit for a place's attention relative to the first place; bounds the correction. */
const MIN_ATTENTION = 0.05;

/**
 * Learns to rank from impressions: the probability of a conversion, by logistic regression on the blend's score and each source's score and
 * rank. Conversions also depend on the place, so places have their own weights in the fit, and requests score every item as if it were
 * first (a constant position feature: Guo et al., PAL, RecSys 2019). To tell the two effects apart, places must sometimes differ from the
 * blend's order, which exploration provides.
 *
 * It replaces the blend only if it beats it by more than one standard error on the held-out newest lists. There, conversions count more the
 * less attention their place gets (inverse propensity: Joachims, Swaminathan and Schnabel, WSDM 2017).
 *
 * @param lists oldest first
 * @param weights of the blend, by source name; default 1
 */
export async function learnScorer(
  lists: readonly ImpressionOutcome[],
  sources: readonly string[],
  weights: Readonly<Record<string, number>> = {},
): Promise<Learned> {
  const newest = lists.slice(-MOST_LISTS);
  const cut = Math.floor(newest.length * (1 - HELD_OUT));
  const fitted = newest.slice(0, cut);
  const kept = newest.slice(cut);
  const taken = countConversions(fitted);
  const none = (reason: string): Learned => ({ scorer: undefined, reason, gain: undefined });
  if (taken < MIN_CONVERSIONS || countConversions(kept) < MIN_CONVERSIONS * HELD_OUT)
    return none(
      `${countConversions(newest)} conversions in ${newest.length} lists; learning needs about ${Math.ceil(MIN_CONVERSIONS / (1 - HELD_OUT))}.`,
    );
  const scales: ScoreScale[] = [];
  for (const source of sources) {
    scales.push(scaleOf(valuesOf(fitted, source)));
    await pause();
  }
  const ranker = new LearnedScorer(sources, scales, weights);
  await ranker.fit(fitted);
  const gain = await judge(kept, ranker);
  const metrics = `${gain.learned.toFixed(4)} vs. ${gain.blend.toFixed(4)} for the blend on the newest ${kept.length} lists`;
  if (gain.difference <= gain.error)
    return {
      scorer: undefined,
      reason: `Keeping the blend: learned from ${taken} conversions, not significantly better (${metrics}).`,
      gain,
    };
  return { scorer: ranker, reason: `Learned from ${taken} conversions: ${metrics}.`, gain };
}

/** Scores an item by its conversion probability in the first place of a list, in [0, 1]. */
class LearnedScorer implements Scorer {
  readonly fillsIn = false;
  private readonly sources: readonly string[];
  private readonly scales: readonly ScoreScale[];
  private readonly blendWeights: Float64Array;
  /** Weights of the places, the blend, and each source. */
  private weights: Float64Array = new Float64Array(0);
  private readonly features: Float64Array;

  constructor(sources: readonly string[], scales: readonly ScoreScale[], weights: Readonly<Record<string, number>>) {
    this.sources = sources;
    this.scales = scales;
    this.blendWeights = Float64Array.from(sources, (name) => (Object.hasOwn(weights, name) ? Math.max(0, weights[name]) : 1));
    this.features = new Float64Array(1 + PER_SOURCE * sources.length);
  }

  async fit(lists: readonly ImpressionOutcome[]): Promise<void> {
    const own = this.features.length;
    const dimensions = PLACE_ENDS.length + own;
    const rows = lists.reduce((sum, { gains }) => sum + gains.length, 0);
    const x = new Float32Array(rows * dimensions);
    const y = new Uint8Array(rows);
    let row = 0;
    for (const [at, list] of lists.entries()) {
      if (at % LISTS_PER_SLICE === LISTS_PER_SLICE - 1) await pause();
      for (let place = 0; place < list.gains.length; place++, row++) {
        this.read(list, place);
        x[row * dimensions + bucketOf(place)] = 1;
        x.set(this.features, row * dimensions + PLACE_ENDS.length);
        y[row] = list.gains[place] > 0 ? 1 : 0;
      }
    }
    const penalties = new Float64Array(dimensions).fill(PENALTY);
    penalties.fill(FREE, 0, PLACE_ENDS.length + 1);
    this.weights = await logisticRegression(x, y, penalties);
  }

  /** The conversion probability of a shown item if it were first, and its blend score. */
  assess(list: ImpressionOutcome, place: number): { readonly learned: number; readonly blend: number } {
    this.read(list, place);
    return { learned: this.chance(), blend: this.features[0] };
  }

  /** How much likelier a conversion is in the first place than in this one (at small probabilities); at least 1. */
  correction(place: number): number {
    const attention = Math.exp(this.weights[bucketOf(place)] - this.weights[0]);
    return 1 / Math.min(1, Math.max(MIN_ATTENTION, attention));
  }

  score({ names, scores, ranks, stride }: Parameters<Scorer["score"]>[0], out: Float32Array, ofBlend?: Float32Array): void {
    const columns = this.sources.map((source) => names.indexOf(source));
    for (let row = 0; row < out.length; row++) {
      let blend = 0;
      for (let s = 0; s < columns.length; s++) {
        const at = columns[s] * stride + row;
        const rank = columns[s] < 0 ? 0 : ranks[at];
        blend += blendPart(this.blendWeights[s], rank);
        writeFeatures(this.features, 1 + s * PER_SOURCE, rank > 0 ? scores[at] : 0, rank, this.scales[s]);
      }
      this.features[0] = logBlend(ofBlend?.[row] ?? blend);
      out[row] = this.chance();
    }
  }

  private read({ features }: ImpressionOutcome, place: number): void {
    let blend = 0;
    for (let s = 0; s < this.sources.length; s++) {
      const rank = features[`${this.sources[s]} rank`]?.[place] ?? 0;
      blend += blendPart(this.blendWeights[s], rank);
      writeFeatures(this.features, 1 + s * PER_SOURCE, features[this.sources[s]]?.[place] ?? Number.NaN, rank, this.scales[s]);
    }
    const logged = features[BLEND]?.[place] ?? blend;
    this.features[0] = logBlend(Number.isNaN(logged) ? 0 : logged);
  }

  private chance(): number {
    let sum = this.weights[0];
    for (let a = 0; a < this.features.length; a++) sum += this.weights[PLACE_ENDS.length + a] * this.features[a];
    return 1 / (1 + Math.exp(-sum));
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function bucketOf(place: number): number {
  let bucket = 0;
  while (place + 1 > PLACE_ENDS[bucket]) bucket++;
  return bucket;
}

function countConversions(lists: readonly ImpressionOutcome[]): number {
  let count = 0;
  for (const { gains } of lists) for (let place = 0; place < gains.length; place++) if (gains[place] > 0) count++;
  return count;
}

function* valuesOf(lists: readonly ImpressionOutcome[], source: string): Iterable<number> {
  for (const { features } of lists) {
    const values = features[source];
    for (let i = 0; i < (values?.length ?? 0); i++) yield values[i];
  }
}

/** The mean discounted gain of the lists as ranked by each of the two, and the mean and standard error of the difference. */
async function judge(lists: readonly ImpressionOutcome[], ranker: LearnedScorer) {
  let learned = 0;
  let blend = 0;
  let squares = 0;
  for (const [at, list] of lists.entries()) {
    if (at % LISTS_PER_SLICE === LISTS_PER_SLICE - 1) await pause();
    const assessed = Array.from(list.gains, (gain, place) => ({
      gain: gain > 0 ? ranker.correction(place) : 0,
      ...ranker.assess(list, place),
    }));
    const ofLearned = discountedGain(assessed.sort((a, b) => b.learned - a.learned));
    const ofBlend = discountedGain(assessed.sort((a, b) => b.blend - a.blend));
    learned += ofLearned;
    blend += ofBlend;
    squares += (ofLearned - ofBlend) ** 2;
  }
  const n = Math.max(1, lists.length);
  const difference = (learned - blend) / n;
  return { learned: learned / n, blend: blend / n, difference, error: Math.sqrt(Math.max(0, squares / n - difference ** 2) / n) };
}

function discountedGain(items: readonly { readonly gain: number }[]): number {
  let sum = 0;
  for (let place = 0; place < items.length; place++) sum += items[place].gain / Math.log2(2 + place);
  return sum;
}
