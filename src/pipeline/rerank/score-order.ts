const bits = new Float32Array(1);
const asInteger = new Int32Array(bits.buffer);

/** Positions up to this fit next to a 32-bit score in the 53 bits of a double. */
const POSITIONS = 2 ** 21;

/**
 * Positions of `scores` from best to worst. Equal scores keep their order. +Infinity comes first, -Infinity after all finite scores, and
 * NaN last.
 *
 * Packs score and position into one number, because sorting plain numbers is several times faster than sorting with a comparator.
 */
export function orderByScore(scores: Float32Array): Uint32Array {
  const keys = new Float64Array(scores.length);
  for (let i = 0; i < scores.length; i++) keys[i] = descending(scores[i]) * POSITIONS + i;
  keys.sort();
  const order = new Uint32Array(scores.length);
  for (let i = 0; i < order.length; i++) order[i] = keys[i] % POSITIONS;
  return order;
}

/** An integer from 0 to 2^32 - 1: the higher the score, the smaller the integer. */
function descending(score: number): number {
  if (Number.isNaN(score)) return 0xffffffff;
  // Adding 0 turns -0 into 0.
  bits[0] = score + 0;
  const integer = asInteger[0];
  // As integers, the bits of positive floats are in ascending order and those of negative floats in descending order.
  return integer >= 0 ? 0x7fffffff - integer : 0x80000000 + (integer & 0x7fffffff);
}
