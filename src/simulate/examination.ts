/** How fast attention falls along a list. */
const POSITION_BIAS = 0.7;

/** The first places, worked out once. */
const known = Float64Array.from({ length: 200 }, (_, place) => falling(place));

/**
 * How likely a place of a list (from 0) is looked at: (1 + place)^-0.7. What stands there does not matter: the examination of the
 * position-based model (Craswell et al. 2008, "An experimental comparison of click position-bias models").
 */
export function examination(place: number): number {
  return place < known.length ? known[place] : falling(place);
}

function falling(place: number): number {
  return (1 + place) ** -POSITION_BIAS;
}
