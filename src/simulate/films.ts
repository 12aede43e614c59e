import type { Random } from "../util/random.ts";
import { DAY, OPENING } from "./calendar.ts";
import { drawIndex, pick, runningSums } from "./draw.ts";
import { type Genre, genres } from "./genres.ts";
import { slug } from "./slug.ts";
import { coordinates, unit } from "./tastes.ts";

/** A film of the simulated cinema. */
export interface Film {
  /** External id, made from the title. */
  readonly id: string;
  readonly title: string;
  /** One or two, the main one first. */
  readonly genres: readonly string[];
  readonly year: number;
  /** Ticket price. */
  readonly price: number;
  /** Days from the opening of the cinema to the release; negative for films that were already out. */
  readonly release: number;
  /** Position in the taste coordinates; unit length. Hidden: in no dataset. */
  readonly character: Float64Array;
  /** Quality, independent of taste: standard normal. Hidden. */
  readonly quality: number;
  /** Publicity: its share of the attention among equally new films. Hidden. */
  readonly publicity: number;
  /** Days until the attention of its release falls to 1/e. Hidden. */
  readonly fade: number;
}

/** Share of the films that are older than the cinema. */
const BACK_CATALOG = 0.6;

/** Films with unique titles. Those that come out while the cinema is open are spread evenly over its `days`. */
export function makeFilms(count: number, days: number, random: Random): Film[] {
  const taken = new Set<string>();
  const genreSums = runningSums(genres.map((genre) => genre.share));
  return Array.from({ length: count }, () => {
    const main = genres[drawIndex(genreSums, random)];
    const second = genres[drawIndex(genreSums, random)];
    const mix = second === main || random.uniform() < 0.4 ? [main] : [main, second];
    const title = uniqueTitle(main, taken, random);
    const old = random.uniform() < BACK_CATALOG;
    // Most older films are recent.
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
  // Films of one genre differ in ways that the genre doesn't reveal, only their audience.
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
