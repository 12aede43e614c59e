import type { Cinema, Person } from "../../simulate/index.ts";

/** Viewings of the people shown: enough to know their taste, and few enough to leave much to recommend. */
const VIEWINGS = { from: 15, to: 30 };

/**
 * The people shown: one with a single taste, one with several, one whose taste changed, each with a different main taste. They are the first
 * of each kind, so that nobody can cherry-pick good results.
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

/** The tastes of a person, in words. */
export function tasteWords({ tastes, laterTastes }: Person): string {
  const words = (mix: Person["tastes"]) =>
    mix.length === 1 ? mix[0].taste.name : mix.map(({ taste, share }) => `${taste.name} ${Math.round(100 * share)}%`).join(", ");
  return laterTastes === tastes ? words(tastes) : `${words(laterTastes)} (earlier: ${words(tastes)})`;
}
