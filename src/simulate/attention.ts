import type { Random } from "../util/random.ts";
import { nearMonth } from "./calendar.ts";
import { drawIndex, runningSums } from "./draw.ts";
import type { Film } from "./films.ts";
import { genres } from "./genres.ts";

/** Attention that a film keeps for ever, beside 1 on the day of its release. */
const EVERGREEN = 1;
/** Days in which the talk about a viewing falls to 1/e. */
const TALK_DAYS = 14;

const seasons = new Map(genres.map((genre) => [genre.name, genre.season]));

/**
 * Which films are in the air: each film's attention is its publicity, high when it comes out and fading after, lifted in its genre's season
 * and by the talk of those who saw it. Attention decides what people come across, so it is what makes data biased towards the popular.
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

  /** Begins a day: attention is taken anew, talk of earlier days fades. */
  beginDay(day: number): void {
    const talked = this.talk.reduce((sum, talk) => sum + talk, 0) / this.films.length || 1;
    const weights = this.films.map((film, i) => attentionOf(film, day) * Math.sqrt(1 + this.talk[i] / talked));
    this.sums = runningSums(weights);
    for (let i = 0; i < this.talk.length; i++) this.talk[i] *= Math.exp(-1 / TALK_DAYS);
  }

  /** Films that one person comes across, as indices, each once, most noticed first by tendency. `seen` films are left out. */
  page(length: number, seen: ReadonlySet<number>, random: Random): number[] {
    const page: number[] = [];
    if (!(this.sums[this.sums.length - 1] > 0)) return page;
    // Somebody who has seen nearly everything gets a short page.
    for (let tries = 0; tries < 8 * length && page.length < length; tries++) {
      const film = drawIndex(this.sums, random);
      if (!seen.has(film) && !page.includes(film)) page.push(film);
    }
    return page;
  }

  /** Somebody saw a film, and talks. */
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
