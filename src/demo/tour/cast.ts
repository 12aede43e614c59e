import type { Cinema, Person } from "../../simulate/index.ts";

/** Viewings of the people to show: enough to tell their taste, and few enough that there is much left to see. */
const VIEWINGS = { from: 15, to: 30 };

/**
 * People to show: one of a single taste, one of several, one whose taste changed, each with another main taste. The first of each kind in
 * the cinema's order, so that nobody picks those for whom it went well.
 */
export function castOf({ people, data }: Cinema): Person[] {
  const histories = data.byUser();
  const viewings = (index: number) => histories.offsets[index + 1] - histories.offsets[index];
  const regulars = people.filter((_, index) => viewings(index) >= VIEWINGS.from && viewings(index) <= VIEWINGS.to);
  const drifts = (person: Person) => person.laterTastes[0].taste !== person.tastes[0].taste;
  const kinds: ((person: Person) => boolean)[] = [
    (person) => !drifts(person) && person.tastes.length === 1,
    (person) => !drifts(person) && person.tastes.length > 1,
    drifts,
  ];
  const cast: Person[] = [];
  for (const kind of kinds) {
    const found = regulars.find((person) => kind(person) && !cast.some((other) => finalTaste(other) === finalTaste(person)));
    if (found !== undefined) cast.push(found);
  }
  return cast;
}

function finalTaste(person: Person): string {
  return person.laterTastes[0].taste.name;
}

/** What a person likes, in words. */
export function tasteWords({ tastes, laterTastes }: Person): string {
  const words = (mix: Person["tastes"]) =>
    mix.length === 1 ? mix[0].taste.name : mix.map(({ taste, share }) => `${taste.name} ${Math.round(100 * share)}%`).join(", ");
  return laterTastes === tastes ? words(tastes) : `at first ${words(tastes)}; now ${words(laterTastes)}`;
}
