import type { Random } from "../util/random.ts";
import { affinity } from "./affinity.ts";
import { examination } from "./examination.ts";
import type { Film } from "./films.ts";
import type { Person } from "./people.ts";

/** The utility of going home instead. */
const NOTHING = 2.5;

/**
 * The film that a person chooses from a page of films, first place first: a position on the page, or -1 if none appeals. A conditional logit
 * (McFadden 1974) over affinities, in which lower places are seen less (the position-based model of Craswell et al. 2008).
 *
 * @param progress position of the day between the cinema's first (0) and last (1) day
 */
export function choose(person: Person, page: readonly Film[], progress: number, random: Random): number {
  const weights = page.map((film, place) => Math.exp(affinity(person, film, progress)) * examination(place));
  let at = random.uniform() * weights.reduce((sum, weight) => sum + weight, Math.exp(NOTHING));
  for (let place = 0; place < weights.length; place++) {
    at -= weights[place];
    if (at < 0) return place;
  }
  return -1;
}

/** The rating, 1 to 5 stars, that a person gives a film after seeing it. */
export function rate(person: Person, film: Film, progress: number, random: Random): number {
  const stars = 1.8 + 0.4 * affinity(person, film, progress) + person.leniency + 0.6 * random.normal();
  return Math.min(5, Math.max(1, Math.round(stars)));
}
