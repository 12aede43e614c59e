import type { Random } from "../util/random.ts";
import { DAY, OPENING } from "./calendar.ts";
import { drawIndex, pick, runningSums } from "./draw.ts";
import { type Genre, genres } from "./genres.ts";
import { slug } from "./slug.ts";
import { coordinates, unit } from "./tastes.ts";

/** A film of the simulated cinema. */
export interface Film {
  /** Its external id, made from the title. */
  readonly id: string;
  readonly title: string;
  /** One or two, the main one first. */
  readonly genres: readonly string[];
  readonly year: number;
  /** Price of a ticket. */
  readonly price: number;
  /** Days from the opening of the cinema to the release; below 0 for the films that are there already. */
  readonly release: number;
  /** What it is like, by coordinate of the tastes; of unit length. Hidden: no data set shows it. */
  readonly character: Float64Array;
  /** How good it is, whoever looks: standard normal. Hidden. */
  readonly quality: number;
  /** How much is made of it: its share of the attention beside equally new films. Hidden. */
  readonly publicity: number;
  /** Days in which the attention of its release falls to 1/e. Hidden. */
  readonly fade: number;
}

/** Share of the films that are older than the cinema. */
const BACK_CATALOGUE = 0.6;

/** Films with unique titles; those that come out while the cinema is open are spread evenly over its `days`. */
export function makeFilms(count: number, days: number, random: Random): Film[] {
  const taken = new Set<string>();
  const genreSums = runningSums(genres.map((genre) => genre.share));
  return Array.from({ length: count }, () => {
    const main = genres[drawIndex(genreSums, random)];
    const second = genres[drawIndex(genreSums, random)];
    const mix = second === main || random.uniform() < 0.4 ? [main] : [main, second];
    const title = uniqueTitle(main, taken, random);
    const old = random.uniform() < BACK_CATALOGUE;
    // Of older films, the recent ones are many.
    const release = Math.floor(old ? -1 - 365 * 40 * random.uniform() ** 2.5 : days * random.uniform());
    const quality = random.normal();
    return {
      id: slug(title),
      title,
      genres: mix.map((genre) => genre.name),
      year: new Date(OPENING + release * DAY).getUTCFullYear(),
      price: (old ? 6 : 9) + random.integer(7) / 2,
      release,
      character: character(mix, random),
      quality,
      publicity: Math.exp(1.1 * random.normal() + 0.3 * quality),
      fade: 15 + 60 * random.uniform(),
    };
  });
}

function character(mix: readonly Genre[], random: Random): Float64Array {
  const vector = new Float64Array(coordinates.length);
  mix.forEach((genre, order) => {
    const weight = order === 0 ? 1 : 0.6;
    vector[genres.indexOf(genre)] = weight;
    genre.mood.forEach((mood, i) => {
      vector[genres.length + i] += (0.6 * weight * mood) / mix.length;
    });
  });
  // Films of one genre differ in ways that their genre does not tell: only who watches them does.
  for (let i = genres.length; i < vector.length; i++) vector[i] += 0.35 * random.normal();
  return unit(vector);
}

function uniqueTitle(genre: Genre, taken: Set<string>, random: Random): string {
  const adjective = () => pick(genre.adjectives, random);
  const noun = () => pick(genre.nouns, random);
  const place = () => pick(genre.places, random);
  const patterns = [
    () => `The ${adjective()} ${noun()}`,
    () => `The ${adjective()} ${noun()}`,
    () => `${adjective()} ${noun()}`,
    () => `The ${noun()} of ${place()}`,
    () => `The ${noun()} from ${place()}`,
    () => `A ${noun()} in ${place()}`.replace(/^A (?=[AEIOU])/, "An "),
  ];
  const base = pick(patterns, random)();
  let title = base;
  for (let part = 2; taken.has(title); part++) title = `${base} ${part}`;
  taken.add(title);
  return title;
}
