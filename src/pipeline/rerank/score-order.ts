const bits = new Float32Array(1);
const asInteger = new Int32Array(bits.buffer);

/** Positions fit beside 32 bits of score in the 53 of a double. */
const POSITIONS = 2 ** 21;

/**
 * Positions of `scores` from best to worst; equal scores stay in their order, and NaN comes last. Infinite scores are first and last but NaN.
 *
 * Score and position are put into one number, since sorting numbers by their value is several times faster than by a function.
 */
export function orderByScore(scores: Float32Array): Uint32Array {
  const keys = new Float64Array(scores.length);
  for (let i = 0; i < scores.length; i++) keys[i] = descending(scores[i]) * POSITIONS + i;
  keys.sort();
  const order = new Uint32Array(scores.length);
  for (let i = 0; i < order.length; i++) order[i] = keys[i] % POSITIONS;
  return order;
}

/** A whole number from 0 to 2^32 - 1 that is smaller the higher the score is. */
function descending(score: number): number {
  if (Number.isNaN(score)) return 0xffffffff;
  // Adding 0 makes one 0 of the two there are.
  bits[0] = score + 0;
  const integer = asInteger[0];
  // The bits of positive floats are ordered as integers, those of negative ones the other way round.
  return integer >= 0 ? 0x7fffffff - integer : 0x80000000 + (integer & 0x7fffffff);
}
