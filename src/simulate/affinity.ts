import type { Film } from "./films.ts";
import type { Person } from "./people.ts";

/** Weight of the match between person and film, relative to the film's quality. */
const MATCH = 8;
const QUALITY = 0.5;

/**
 * How much a person likes a film on a given day: the truth that recommenders try to find. Usually between -2 (no) and 5 (a favorite), with 0
 * for indifferent. It is the utility of a discrete-choice model (McFadden 1974): of two films that differ by 1, the better one is chosen e times
 * as often.
 *
 * @param progress position of the day between the cinema's first (0) and last (1) day, because tastes drift
 */
export function affinity(person: Person, film: Film, progress: number): number {
  const [first, last] = person.liking;
  const { character } = film;
  let match = 0;
  for (let i = 0; i < character.length; i++) match += character[i] * (first[i] + (last[i] - first[i]) * progress);
  return MATCH * match + QUALITY * film.quality;
}
