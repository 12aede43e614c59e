import { expect, test } from "vitest";
import { Random } from "../util/random.ts";
import { affinity } from "./affinity.ts";
import { choose, rate } from "./choice.ts";
import { simulateCinema } from "./cinema.ts";

const { people, films } = simulateCinema({ people: 5, films: 60, days: 10 });
const [person] = people;

test("if the same film is in every place, the first place is chosen most", () => {
  const page = new Array(5).fill(films[0]);
  const taken = takes(page, 20_000);
  expect(taken).toEqual([...taken].sort((a, b) => b - a));
  // With bias (1 + place)^-0.7, the ratio of the first two places is 2^0.7.
  expect(taken[0] / taken[1]).toBeGreaterThan(1.4);
  expect(taken[0] / taken[1]).toBeLessThan(1.9);
});

test("choices follow affinity as in the logit model", () => {
  const sorted = [...films].sort((a, b) => affinity(person, b, 0) - affinity(person, a, 0));
  const [better, worse] = [
    sorted[5],
    sorted.find((film) => affinity(person, film, 0) < affinity(person, sorted[5], 0) - 0.5) ?? sorted[59],
  ];
  const forwards = takes([better, worse], 20_000);
  const backwards = takes([worse, better], 20_000);
  // Over both orders, position cancels out; e to the difference of affinities remains.
  const odds = Math.sqrt((forwards[0] / forwards[1]) * (backwards[1] / backwards[0]));
  expect(Math.log(odds)).toBeCloseTo(affinity(person, better, 0) - affinity(person, worse, 0), 0);
});

test("nothing is chosen from an empty page, and less from an unappealing one", () => {
  expect(choose(person, [], 0, new Random(1))).toBe(-1);
  const sorted = [...films].sort((a, b) => affinity(person, b, 0) - affinity(person, a, 0));
  const sum = (counts: number[]) => counts.reduce((a, b) => a + b, 0);
  expect(sum(takes(sorted.slice(0, 5), 2000))).toBeGreaterThan(2 * sum(takes(sorted.slice(-5), 2000)));
});

test("stars are between 1 and 5 and increase with affinity", () => {
  const random = new Random(5);
  const mean = (film: (typeof films)[number]) => {
    const stars = Array.from({ length: 500 }, () => rate(person, film, 0, random));
    for (const star of stars) expect([1, 2, 3, 4, 5]).toContain(star);
    return stars.reduce((a, b) => a + b, 0) / stars.length;
  };
  const sorted = [...films].sort((a, b) => affinity(person, b, 0) - affinity(person, a, 0));
  expect(mean(sorted[0])).toBeGreaterThan(mean(sorted[59]) + 1);
});

function takes(page: readonly (typeof films)[number][], times: number): number[] {
  const random = new Random(3);
  const taken = page.map(() => 0);
  for (let i = 0; i < times; i++) {
    const place = choose(person, page, 0, random);
    if (place >= 0) taken[place]++;
  }
  return taken;
}
