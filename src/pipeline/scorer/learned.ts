import { blendOf, blendOptions } from "./blend.ts";
import { logisticRegression } from "./logistic-regression.ts";
import { blendPart, logBlend, PER_SOURCE, type ScoreScale, scaleOf, writeFeatures } from "./rank-features.ts";
import { BLEND, defineScorer, type Scorer } from "./scorer.ts";

export const learned = defineScorer({
  kind: "learned",
  description: "Learned from what was served and what came of it, once there is enough of it. A blend until then.",
  options: blendOptions,
  learns: true,
  create: blendOf,
});

/** A list that was served, and what came of it. All entries in the order shown. */
export interface ServedList {
  /**
   * As a pipeline logs them: by source its scores, and by `source rank` its ranks, NaN where it did not name an item; by `blend score` what
   * the blend said, worked out from the ranks where that is not there.
   */
  readonly features: Readonly<Record<string, ArrayLike<number>>>;
  /** Above 0 for items that were taken. */
  readonly gains: ArrayLike<number>;
}

/** What learning came to: a scorer, or why the blend stays. */
export interface Learned {
  readonly scorer: Scorer | undefined;
  /** In words, with figures. */
  readonly reason: string;
  /** Discounted gain of a list, corrected for the attention that places get, on the newest lists, which it was not fitted on. */
  readonly gain: { readonly learned: number; readonly blend: number } | undefined;
}

/** As far as requests are concerned. */
export type LearnedSoFar = Pick<Learned, "scorer" | "reason">;

/** The newest lists that are looked at, and the share of them that is kept back to judge by. */
const MOST_LISTS = 20_000;
const KEPT_BACK = 0.25;
/** Lists between two pauses, in which requests are answered. */
const TURN = 200;
/** Items taken that it needs at least. */
const LEAST_TAKEN = 200;
/** Places with a number of their own for the attention they get; of later ones several share one. */
const PLACE_ENDS = [1, 2, 3, 4, 5, 7, 10, 15, 25, Number.POSITIVE_INFINITY];
/** What half the squared weights cost: nearly nothing for places and the blend, more for corrections to it. */
const FREE = 0.01;
const PENALTY = 5;
/** Least attention of a place beside that of the first: what is corrected for is never divided by less. */
const LEAST_ATTENTION = 0.05;

/**
 * Learns to rank from lists that were served: the chance that an item is taken, by logistic regression on the blend's score and on what each
 * source said of the item. What is taken depends on the place too, so places have weights of their own in the fit, and in service every item
 * is scored as if it stood first (a position feature held constant: Guo et al., PAL, RecSys 2019). That places differ from the blend's
 * order now and then, as exploration sees to, is what tells the two apart.
 *
 * It takes the place of the blend only where it is better on the newest lists, which are kept back from the fit, by more than a standard error;
 * there each item taken counts more the less attention its place got (inverse propensity: Joachims, Swaminathan and Schnabel, WSDM 2017).
 *
 * @param lists oldest first
 * @param weights of the blend, by name of source; 1 where absent
 */
export async function learnScorer(
  lists: readonly ServedList[],
  sources: readonly string[],
  weights: Readonly<Record<string, number>> = {},
): Promise<Learned> {
  const newest = lists.slice(-MOST_LISTS);
  const cut = Math.floor(newest.length * (1 - KEPT_BACK));
  const fitted = newest.slice(0, cut);
  const kept = newest.slice(cut);
  const taken = countTaken(fitted);
  const none = (reason: string): Learned => ({ scorer: undefined, reason, gain: undefined });
  if (taken < LEAST_TAKEN || countTaken(kept) < LEAST_TAKEN * KEPT_BACK)
    return none(
      `Of ${newest.length} lists ${countTaken(newest)} items were taken; learning needs about ${Math.ceil(LEAST_TAKEN / (1 - KEPT_BACK))}.`,
    );
  const scales: ScoreScale[] = [];
  for (const source of sources) {
    scales.push(scaleOf(valuesOf(fitted, source)));
    await pause();
  }
  const ranker = new LearnedScorer(sources, scales, weights);
  await ranker.fit(fitted);
  const gain = await judge(kept, ranker);
  const figures = `${gain.learned.toFixed(4)} against ${gain.blend.toFixed(4)} on the newest ${kept.length} lists`;
  if (gain.difference <= gain.error)
    return { scorer: undefined, reason: `The blend stays: learned from ${taken} items taken, it is not surely better (${figures}).`, gain };
  return { scorer: ranker, reason: `Learned from ${taken} items taken: ${figures}.`, gain };
}

/** Scores an item by the chance that it is taken in the first place of a list, in [0, 1]. */
class LearnedScorer implements Scorer {
  readonly fillsIn = false;
  private readonly sources: readonly string[];
  private readonly scales: readonly ScoreScale[];
  private readonly blendWeights: Float64Array;
  /** Of the places, of the blend, and of each source. */
  private weights: Float64Array = new Float64Array(0);
  private readonly features: Float64Array;

  constructor(sources: readonly string[], scales: readonly ScoreScale[], weights: Readonly<Record<string, number>>) {
    this.sources = sources;
    this.scales = scales;
    this.blendWeights = Float64Array.from(sources, (name) => (Object.hasOwn(weights, name) ? Math.max(0, weights[name]) : 1));
    this.features = new Float64Array(1 + PER_SOURCE * sources.length);
  }

  async fit(lists: readonly ServedList[]): Promise<void> {
    const own = this.features.length;
    const dimensions = PLACE_ENDS.length + own;
    const rows = lists.reduce((sum, { gains }) => sum + gains.length, 0);
    const x = new Float32Array(rows * dimensions);
    const y = new Uint8Array(rows);
    let row = 0;
    for (const [at, list] of lists.entries()) {
      if (at % TURN === TURN - 1) await pause();
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

  /** How likely an item of a served list is to be taken in the first place, and what the blend says of it. */
  assess(list: ServedList, place: number): { readonly learned: number; readonly blend: number } {
    this.read(list, place);
    return { learned: this.chance(), blend: this.features[0] };
  }

  /** How much likelier an item is to be taken in the first place than in this one, at small chances: at least 1. */
  correction(place: number): number {
    const attention = Math.exp(this.weights[bucketOf(place)] - this.weights[0]);
    return 1 / Math.min(1, Math.max(LEAST_ATTENTION, attention));
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

  private read({ features }: ServedList, place: number): void {
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

function countTaken(lists: readonly ServedList[]): number {
  let count = 0;
  for (const { gains } of lists) for (let place = 0; place < gains.length; place++) if (gains[place] > 0) count++;
  return count;
}

function* valuesOf(lists: readonly ServedList[], source: string): Iterable<number> {
  for (const { features } of lists) {
    const values = features[source];
    for (let i = 0; i < (values?.length ?? 0); i++) yield values[i];
  }
}

/** Discounted gains of lists put in order by each of the two, and the mean and standard error of the difference. */
async function judge(lists: readonly ServedList[], ranker: LearnedScorer) {
  let learned = 0;
  let blend = 0;
  let squares = 0;
  for (const [at, list] of lists.entries()) {
    if (at % TURN === TURN - 1) await pause();
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
