/** Location and spread of a source's scores over all impressions. Scales them to about [-2, 2]. */
export interface ScoreScale {
  readonly mean: number;
  readonly spread: number;
}

/** Features per source. */
export const PER_SOURCE = 3;
/** The constant of reciprocal rank fusion. */
const SMOOTHING = 60;
const LOG_DEEPEST = Math.log(100);

/**
 * The features a ranker gets from a source: whether it returned the item, at what rank, and how its score compares with its earlier ones.
 * All 0 if it didn't return the item.
 *
 * @param rank from 1; 0 or NaN if the source didn't return the item
 */
export function writeFeatures(out: Float32Array | Float64Array, at: number, score: number, rank: number, scale: ScoreScale): void {
  const named = rank > 0;
  out[at] = named ? 1 : 0;
  out[at + 1] = named ? Math.log(rank) / LOG_DEEPEST : 0;
  out[at + 2] = named && Number.isFinite(score) ? Math.max(-2, Math.min(2, (score - scale.mean) / scale.spread)) : 0;
}

/** What a source adds to a blend's score (see `blendRanks`). */
export function blendPart(weight: number, rank: number): number {
  return rank > 0 ? (weight * (SMOOTHING + 1)) / (SMOOTHING + rank) : 0;
}

/** A blend's score on the log-odds scale. */
export function logBlend(score: number): number {
  return Math.log(score + 0.01);
}

/** The scale of scores, ignoring NaN. */
export function scaleOf(scores: Iterable<number>): ScoreScale {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const score of scores) {
    if (!Number.isFinite(score)) continue;
    count++;
    const off = score - mean;
    mean += off / count;
    squares += off * (score - mean);
  }
  const spread = count > 1 ? Math.sqrt(squares / (count - 1)) : 0;
  return { mean, spread: spread > 0 ? spread : 1 };
}
