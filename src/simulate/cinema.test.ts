import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, OPENING } from "./calendar.ts";
import { type Cinema, simulateCinema } from "./cinema.ts";
import type { Person } from "./people.ts";
import { tastes } from "./tastes.ts";

const cinema = simulateCinema();
const { data, films, people, truth } = cinema;

describe("the simulated cinema", () => {
  test("has the promised size, with a long tail of films and of people", () => {
    expect(data.size).toBeGreaterThan(50_000);
    expect(data.size).toBeLessThan(70_000);
    const films = counts(data.interactions.item, data.items.size);
    const people = counts(data.interactions.user, data.users.size);
    // A tenth of the films has a third of the viewings or more; half of the films has a fifth or less.
    expect(share(films, 0.1)).toBeGreaterThan(0.3);
    expect(1 - share(films, 0.5)).toBeLessThan(0.2);
    expect(share(people, 0.1)).toBeGreaterThan(0.2);
    expect(people.filter((count) => count > 0).length).toBeGreaterThan(0.97 * people.length);
  });

  test("has unique titles and names", () => {
    expect(new Set(films.map((film) => film.title)).size).toBe(films.length);
    expect(new Set(data.items.ids).size).toBe(films.length);
    expect(new Set(people.map((person) => person.name)).size).toBe(people.length);
    expect(new Set(data.users.ids).size).toBe(people.length);
  });

  test("shows new films more than old ones, and their popularity fades", () => {
    const ages = [0, 0, 0];
    const { item, time = new Float64Array() } = data.interactions;
    for (let i = 0; i < data.size; i++) {
      const film = films[item[i]];
      if (film.release < 0 || film.release > 730 - 180) continue;
      const age = (time[i] - OPENING) / DAY - film.release;
      if (age < 180) ages[Math.floor(age / 60)]++;
    }
    expect(ages[0]).toBeGreaterThan(1.3 * ages[1]);
    expect(ages[1]).toBeGreaterThan(1.1 * ages[2]);
  });

  test("has its seasons: horror in October, family films in December", () => {
    expect(monthShare("horror", 10)).toBeGreaterThan(1.3 * monthShare("horror", 4));
    expect(monthShare("animation", 12)).toBeGreaterThan(1.2 * monthShare("animation", 6));
  });

  test("is busier at weekends", () => {
    const week = counts(
      Array.from(data.interactions.time ?? [], (time) => Math.floor((time - OPENING) / DAY) % 7),
      7,
    );
    expect(week[5]).toBeGreaterThan(2 * week[0]);
  });

  test("has sessions: one person sees several films in an evening", () => {
    const { user, time } = data.interactions;
    const last = new Map<number, number>();
    let followers = 0;
    for (let i = 0; i < data.size; i++) {
      const before = last.get(user[i]);
      if (time !== undefined && before !== undefined && time[i] - before < DAY / 6) followers++;
      if (time !== undefined) last.set(user[i], time[i]);
    }
    expect(followers / data.size).toBeGreaterThan(0.1);
    expect(followers / data.size).toBeLessThan(0.4);
  });

  test("people see what they like: the affinity of films they saw is far above that of the rest", () => {
    let seen = 0;
    let all = 0;
    const { user, item } = data.interactions;
    for (let i = 0; i < 5000; i++) {
      seen += truth.affinity(data.users.id(user[i]), data.items.id(item[i]), 0);
      all += truth.affinity(data.users.id(user[i]), data.items.id((item[i] + i) % films.length), 0);
    }
    expect((seen - all) / 5000).toBeGreaterThan(1);
  });

  test("ratings follow affinity", () => {
    const { user, item, weight } = data.interactions;
    const sums = [0, 0, 0, 0, 0, 0];
    const numbers = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < data.size; i++) {
      const stars = weight?.[i] ?? 0;
      sums[stars] += truth.affinity(data.users.id(user[i]), data.items.id(item[i]));
      numbers[stars]++;
    }
    const means = sums.map((sum, stars) => sum / numbers[stars]).slice(1);
    expect(means).toEqual([...means].sort((a, b) => a - b));
    expect(means[4] - means[0]).toBeGreaterThan(1);
  });

  test("the tastes can be recovered from the viewings alone", () => {
    const loyal = people
      .map((_, index) => index)
      .filter((index) => people[index].tastes.length === 1 && people[index].tastes === people[index].laterTastes);
    const histories = data.byUser();
    const enough = loyal.filter((index) => histories.offsets[index + 1] - histories.offsets[index] >= 10);
    const usual = usualCharacter(cinema);
    const right = enough.filter((index) => guessedTaste(cinema, usual, index) === people[index].tastes[0].taste.name);
    expect(enough.length).toBeGreaterThan(200);
    expect(right.length / enough.length).toBeGreaterThan(0.75);
  });

  test("tastes that drift show in the later viewings", () => {
    const drifting = people.filter(
      (person) => person.tastes !== person.laterTastes && person.tastes[0].taste !== person.laterTastes[0].taste,
    );
    expect(drifting.length).toBeGreaterThan(300);
    const shift = (person: Person) => {
      const rows = data.users.indexOf(person.id);
      const own = Array.from(data.interactions.user.keys()).filter((i) => data.interactions.user[i] === rows);
      const towards = (i: number) => dot(films[data.interactions.item[i]].character, difference(person));
      const half = own.length >> 1;
      return own.length < 20 ? [] : [mean(own.slice(half).map(towards)) - mean(own.slice(0, half).map(towards))];
    };
    const shifts = drifting.slice(0, 100).flatMap(shift);
    expect(shifts.length).toBeGreaterThan(30);
    expect(mean(shifts)).toBeGreaterThan(0.1);
  });

  test("favorites are the films with the highest affinity, best first", () => {
    const { id } = people[3];
    const best = truth.favourites(id, { k: 5 });
    const all = films.map((film) => truth.affinity(id, film.id)).sort((a, b) => b - a);
    expect(best.map((entry) => entry.affinity)).toEqual(all.slice(0, 5));
    const among = films.slice(0, 7).map((film) => film.id);
    expect(new Set(truth.favourites(id, { among }).map((entry) => entry.item))).toEqual(new Set(among));
  });

  test("rejects counts below 1 and unknown ids", () => {
    expect(() => simulateCinema({ people: 0 })).toThrow("people is 0");
    expect(() => simulateCinema({ days: 1.5 })).toThrow("days is 1.5");
    expect(() => truth.affinity("nobody", films[0].id)).toThrow("No user");
    expect(() => truth.affinity(people[0].id, "nothing")).toThrow("No item");
  });
});

describe("every simulated cinema", () => {
  const worlds = fc.record({
    people: fc.integer({ min: 1, max: 40 }),
    films: fc.integer({ min: 1, max: 40 }),
    days: fc.integer({ min: 1, max: 60 }),
    seed: fc.nat(),
  });

  test("keeps time: rows are in order, none before a film's release, before a person joins, or after the last day", () => {
    fc.assert(
      fc.property(worlds, (options) => {
        const { data, films, people } = simulateCinema(options);
        const { user, item, time } = data.interactions;
        for (let i = 0; i < data.size; i++) {
          const at = ((time?.[i] ?? 0) - OPENING) / DAY;
          if (i > 0) expect(time?.[i]).toBeGreaterThanOrEqual(time?.[i - 1] ?? 0);
          expect(at).toBeGreaterThanOrEqual(Math.max(films[item[i]].release, people[user[i]].joined));
          expect(at).toBeLessThan(options.days + 1);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("is the same for the same seed, and different for another", () => {
    fc.assert(
      fc.property(worlds, (options) => {
        const once = simulateCinema(options);
        const again = simulateCinema(options);
        expect(again.data.interactions).toEqual(once.data.interactions);
        expect(again.films).toEqual(once.films);
        expect(again.people).toEqual(once.people);
        expect(simulateCinema({ ...options, seed: options.seed + 1 }).films).not.toEqual(once.films);
      }),
      { numRuns: 20 },
    );
  });

  test("nobody sees a film twice", () => {
    fc.assert(
      fc.property(worlds, (options) => {
        const { data } = simulateCinema(options);
        const pairs = Array.from(data.interactions.user, (user, i) => `${user} ${data.interactions.item[i]}`);
        expect(new Set(pairs).size).toBe(pairs.length);
      }),
      { numRuns: 20 },
    );
  });

  test("has the same films regardless of the number of people", () => {
    expect(simulateCinema({ people: 5, films: 20, days: 10 }).films).toEqual(simulateCinema({ people: 9, films: 20, days: 10 }).films);
  });
});

function counts(indices: ArrayLike<number>, size: number): number[] {
  const counts = new Array<number>(size).fill(0);
  for (let i = 0; i < indices.length; i++) counts[indices[i]]++;
  return counts;
}

/** The share of the total that the largest `part` of the numbers have. */
function share(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((a, b) => b - a);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return sum(sorted.slice(0, Math.round(part * sorted.length))) / sum(sorted);
}

/** A genre's share of the viewings in a calendar month. */
function monthShare(genre: string, month: number): number {
  const { item, time } = data.interactions;
  let inMonth = 0;
  let ofGenre = 0;
  for (let i = 0; i < data.size; i++) {
    if (new Date(time?.[i] ?? 0).getUTCMonth() + 1 !== month) continue;
    inMonth++;
    if (films[item[i]].genres[0] === genre) ofGenre++;
  }
  return ofGenre / inMonth;
}

/** What everyone watches, on average, by coordinate. */
function usualCharacter({ data, films }: Cinema): Float64Array {
  const usual = films[0].character.map(() => 0);
  for (const film of data.interactions.item) addScaled(usual, films[film].character, 1 / data.size);
  return usual;
}

/** The taste that best fits the viewings of a person, relative to what everyone watches. */
function guessedTaste({ data, films }: Cinema, usual: Float64Array, index: number): string {
  const histories = data.byUser();
  const watched = films[0].character.map(() => 0);
  const from = histories.offsets[index];
  const to = histories.offsets[index + 1];
  for (let i = from; i < to; i++) addScaled(watched, films[histories.indices[i]].character, 1 / (to - from));
  const lift = watched.map((value, d) => value - usual[d]);
  return [...tastes].sort((a, b) => dot(lift, b.weights) - dot(lift, a.weights))[0].name;
}

function addScaled(sum: Float64Array, vector: Float64Array, factor: number): void {
  for (let d = 0; d < sum.length; d++) sum[d] += factor * vector[d];
}

function difference(person: Person): Float64Array {
  return person.liking[1].map((value, d) => value - person.liking[0][d]);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, d) => sum + value * b[d], 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
