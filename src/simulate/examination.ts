/** How fast attention decreases along a list. */
const POSITION_BIAS = 0.7;

/** Precomputed values for the first places. */
const known = Float64Array.from({ length: 200 }, (_, place) => falling(place));

/**
 * The probability that a place of a list (from 0) is looked at: (1 + place)^-0.7, whatever item is there. This is the examination of the
 * position-based model (Craswell et al. 2008, "An experimental comparison of click position-bias models").
 */
export function examination(place: number): number {
  return place < known.length ? known[place] : falling(place);
}

function falling(place: number): number {
  return (1 + place) ** -POSITION_BIAS;
}
