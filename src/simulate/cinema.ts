import { Dataset } from "../data/dataset.ts";
import type { FeatureTable } from "../data/features.ts";
import { type Id, Vocabulary } from "../data/vocabulary.ts";
import { RecoError } from "../util/errors.ts";
import { Random } from "../util/random.ts";
import { affinity } from "./affinity.ts";
import { DAY, OPENING } from "./calendar.ts";
import { type Film, makeFilms } from "./films.ts";
import { makePeople, type Person } from "./people.ts";
import { simulateViewings, type Viewing } from "./viewings.ts";

export interface CinemaOptions {
  /** Number of people who may come, 1,500 by default. */
  readonly people?: number;
  /** Number of films, 500 by default. */
  readonly films?: number;
  /** Number of days that the cinema is open, from January 1, 2024; 730 by default. */
  readonly days?: number;
  /** The same seed gives the same world, 1 by default. */
  readonly seed?: number;
}

/** The truth of a simulated world, hidden from every model. */
export interface Truth {
  /**
   * How much a person likes a film on a `day` (from 0), by default the last: usually between -2 (no) and 5 (a favorite), with 0 for indifferent.
   *
   * @throws RecoError `unknown-user`, `unknown-item`
   */
  affinity(user: Id, item: Id, day?: number): number;
  /** The films that a person likes best on the last day, out of all (or of `among`), best first. @throws RecoError `unknown-user` */
  favourites(
    user: Id,
    options?: { readonly k?: number; readonly among?: Iterable<Id> },
  ): { readonly item: Id; readonly affinity: number }[];
}

/** A simulated cinema: the viewings as a dataset, and the truth behind them. */
export interface Cinema {
  /**
   * Viewings in time order, weighted by stars (1 to 5). Users are ids of people, with the feature `name`. Items are ids of films, with the features
   * `title`, `genres`, `year`, `price` and `released`.
   */
  readonly data: Dataset;
  /** In the order of the dataset's users. */
  readonly people: readonly Person[];
  /** In the order of the dataset's items. */
  readonly films: readonly Film[];
  readonly truth: Truth;
}

/**
 * A cinema with a known truth, generated from a seed without any real data: films that come out, are talked about and fade, seasons, people with
 * named tastes that may drift, visits to one film or several, more attention for popular and top-listed films, and ratings. So you can measure not
 * only whether a model predicts what people did, but also whether it finds what they like.
 *
 * Viewings follow a conditional logit (McFadden 1974) over pages of currently visible films, with the position-based attention of Craswell et al.
 * (2008). With the defaults there are about 60,000 viewings.
 *
 * @throws RecoError `bad-input` for a count below 1
 * @example
 * ```ts
 * import { simulateCinema } from "recobase/simulate";
 * const { data, people, truth } = simulateCinema({ people: 50, films: 40, days: 90, seed: 7 });
 * data.users.size; // 50
 * truth.favourites(people[0].id, { k: 1 }).length; // 1
 * ```
 */
export function simulateCinema(options: CinemaOptions = {}): Cinema {
  const { people: personCount = 1500, films: filmCount = 500, days = 730, seed = 1 } = options;
  for (const [name, value] of Object.entries({ people: personCount, films: filmCount, days }))
    if (!Number.isInteger(value) || value < 1)
      throw new RecoError("bad-input", `${name} is ${value}; it must be a whole number of at least 1.`);
  // Separate random streams, so that more people don't change the films.
  const world = new Random(seed);
  const films = makeFilms(filmCount, days, world.split(0));
  const people = makePeople(personCount, days, world.split(1));
  const viewings = simulateViewings(people, films, days, world.split(2));
  const data = datasetOf(viewings, people, films, { step: "simulate", world: "cinema", people: personCount, films: filmCount, days, seed });
  return { data, people, films, truth: truthOf(data, people, films, days) };
}

function datasetOf(
  viewings: readonly Viewing[],
  people: readonly Person[],
  films: readonly Film[],
  step: Dataset["provenance"][number],
): Dataset {
  return new Dataset({
    users: new Vocabulary(
      "user",
      people.map((person) => person.id),
    ),
    items: new Vocabulary(
      "item",
      films.map((film) => film.id),
    ),
    interactions: {
      user: Uint32Array.from(viewings, (viewing) => viewing.person),
      item: Uint32Array.from(viewings, (viewing) => viewing.film),
      weight: Float64Array.from(viewings, (viewing) => viewing.stars),
      time: Float64Array.from(viewings, (viewing) => viewing.time),
    },
    userFeatures: { name: { type: "text", values: people.map((person) => person.name) } },
    itemFeatures: filmFeatures(films),
    provenance: [step],
  });
}

function filmFeatures(films: readonly Film[]): FeatureTable {
  const names = [...new Set(films.flatMap((film) => film.genres))];
  const offsets = new Uint32Array(films.length + 1);
  films.forEach((film, i) => {
    offsets[i + 1] = offsets[i] + film.genres.length;
  });
  return {
    title: { type: "text", values: films.map((film) => film.title) },
    genres: {
      type: "categories",
      offsets,
      codes: Uint32Array.from(films.flatMap((film) => film.genres.map((genre) => names.indexOf(genre)))),
      names,
    },
    year: { type: "number", values: Float64Array.from(films, (film) => film.year) },
    price: { type: "number", values: Float64Array.from(films, (film) => film.price) },
    released: { type: "time", values: Float64Array.from(films, (film) => OPENING + film.release * DAY) },
  };
}

function truthOf(data: Dataset, people: readonly Person[], films: readonly Film[], days: number): Truth {
  const on = (day: number) => day / Math.max(1, days - 1);
  return {
    affinity: (user, item, day = days - 1) => affinity(people[data.users.require(user)], films[data.items.require(item)], on(day)),
    favourites(user, { k = 10, among = data.items.ids } = {}) {
      const person = people[data.users.require(user)];
      const liked = Array.from(among, (item) => ({ item, affinity: affinity(person, films[data.items.require(item)], 1) }));
      return liked.sort((a, b) => b.affinity - a.affinity).slice(0, k);
    },
  };
}
