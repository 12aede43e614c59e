import type { Random } from "../util/random.ts";
import { nearMonth } from "./calendar.ts";
import { drawIndex, runningSums } from "./draw.ts";
import type { Film } from "./films.ts";
import { genres } from "./genres.ts";

/** Attention that a film keeps forever, compared with 1 on the day of its release. */
const EVERGREEN = 1;
/** Days until the talk about a viewing falls to 1/e. */
const TALK_DAYS = 14;

const seasons = new Map(genres.map((genre) => [genre.name, genre.season]));

/**
 * How visible films are. A film's attention is its publicity, which is high at the release and then fades, boosted by its genre's season and by the
 * talk of people who saw it. Attention decides which films people come across, so it biases the data toward popular films.
 */
export class Attention {
  private readonly films: readonly Film[];
  /** Recent viewings of each film. */
  private readonly talk: Float64Array;
  private sums: Float64Array;

  constructor(films: readonly Film[]) {
    this.films = films;
    this.talk = new Float64Array(films.length);
    this.sums = new Float64Array(films.length);
  }

  /** Starts a day: recomputes attention, and fades the talk of earlier days. */
  beginDay(day: number): void {
    const talked = this.talk.reduce((sum, talk) => sum + talk, 0) / this.films.length || 1;
    const weights = this.films.map((film, i) => attentionOf(film, day) * Math.sqrt(1 + this.talk[i] / talked));
    this.sums = runningSums(weights);
    for (let i = 0; i < this.talk.length; i++) this.talk[i] *= Math.exp(-1 / TALK_DAYS);
  }

  /** Distinct films that a person comes across, as indices; more visible ones tend to come first. Leaves out `seen` films. */
  page(length: number, seen: ReadonlySet<number>, random: Random): number[] {
    const page: number[] = [];
    if (!(this.sums[this.sums.length - 1] > 0)) return page;
    // Someone who has seen nearly everything gets a short page.
    for (let tries = 0; tries < 8 * length && page.length < length; tries++) {
      const film = drawIndex(this.sums, random);
      if (!seen.has(film) && !page.includes(film)) page.push(film);
    }
    return page;
  }

  /** Someone saw a film, and talks about it. */
  viewed(film: number): void {
    this.talk[film]++;
  }
}

function attentionOf(film: Film, day: number): number {
  if (day < film.release) return 0;
  const season = seasons.get(film.genres[0]);
  const lift = season === undefined ? 1 : 1 + season.lift * nearMonth(day, season.month);
  return film.publicity * (EVERGREEN + Math.exp((film.release - day) / film.fade)) * lift;
}
