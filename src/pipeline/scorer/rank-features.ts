/** Where a source's scores lie, over all that was served: they are brought to about [-2, 2] by it. */
export interface ScoreScale {
  readonly mean: number;
  readonly spread: number;
}

/** Numbers that one source contributes. */
export const PER_SOURCE = 3;
/** The constant of reciprocal rank fusion. */
const SMOOTHING = 60;
const LOG_DEEPEST = Math.log(100);

/**
 * What a ranker sees of a source: whether it named the item, how far down, and how its score compares with those it gave before. All 0
 * where it did not name it.
 *
 * @param rank from 1; 0 or NaN where the source did not name the item
 */
export function writeFeatures(out: Float32Array | Float64Array, at: number, score: number, rank: number, scale: ScoreScale): void {
  const named = rank > 0;
  out[at] = named ? 1 : 0;
  out[at + 1] = named ? Math.log(rank) / LOG_DEEPEST : 0;
  out[at + 2] = named && Number.isFinite(score) ? Math.max(-2, Math.min(2, (score - scale.mean) / scale.spread)) : 0;
}

/** What a source adds to the score of a blend (see `blendRanks`). */
export function blendPart(weight: number, rank: number): number {
  return rank > 0 ? (weight * (SMOOTHING + 1)) / (SMOOTHING + rank) : 0;
}

/** A blend's score, on the scale on which odds add up. */
export function logBlend(score: number): number {
  return Math.log(score + 0.01);
}

/** The scale of scores, NaN among them left out. */
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
