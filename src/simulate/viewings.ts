import type { Random } from "../util/random.ts";
import { Attention } from "./attention.ts";
import { busyness, DAY, OPENING } from "./calendar.ts";
import { choose, rate } from "./choice.ts";
import type { Film } from "./films.ts";
import type { Person } from "./people.ts";

/** One person saw one film. */
export interface Viewing {
  /** Index of the person. */
  readonly person: number;
  /** Index of the film. */
  readonly film: number;
  /** Milliseconds since 1970 (UTC). */
  readonly time: number;
  /** 1 to 5 stars. */
  readonly stars: number;
}

/** Films on the page that a visitor sees. */
const PAGE = 30;
/** Probability that a visitor stays for another film. */
const STAY = 0.3;
const MINUTE = 60_000;

/**
 * All viewings of `days` days in time order. Nobody sees a film twice, or before its release. On a visit, a person chooses films from a page of
 * currently visible films until none appeals or the evening ends: a session.
 */
export function simulateViewings(people: readonly Person[], films: readonly Film[], days: number, random: Random): Viewing[] {
  const attention = new Attention(films);
  const seen = people.map(() => new Set<number>());
  const viewings: Viewing[] = [];
  for (let day = 0; day < days; day++) {
    attention.beginDay(day);
    const progress = day / Math.max(1, days - 1);
    for (let p = 0; p < people.length; p++) {
      const person = people[p];
      if (day < person.joined || random.uniform() >= (person.visits / 7) * busyness(day)) continue;
      // Doors open at 14:00; anyone who stays sees the next film about two hours later.
      let time = OPENING + day * DAY + Math.round((14 * 60 + 300 * random.uniform()) * 60) * 1000;
      do {
        const page = attention.page(PAGE, seen[p], random);
        const place = choose(
          person,
          page.map((film) => films[film]),
          progress,
          random,
        );
        if (place < 0) break;
        const film = page[place];
        seen[p].add(film);
        attention.viewed(film);
        viewings.push({ person: p, film, time, stars: rate(person, films[film], progress, random) });
        time += Math.round(100 + 40 * random.uniform()) * MINUTE;
      } while (random.uniform() < STAY);
    }
  }
  return viewings.sort((a, b) => a.time - b.time || a.person - b.person);
}
