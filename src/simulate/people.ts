import type { Random } from "../util/random.ts";
import { drawIndex, pick, runningSums } from "./draw.ts";
import { slug } from "./slug.ts";
import { coordinates, type Taste, tastes, unit } from "./tastes.ts";

/** A person of the simulated cinema. */
export interface Person {
  /** External id, made from the name. */
  readonly id: string;
  readonly name: string;
  /** The tastes they consist of, strongest first; shares sum to 1. Hidden, like everything below. */
  readonly tastes: readonly { readonly taste: Taste; readonly share: number }[];
  /** Their tastes when the cinema closes; for most the same as `tastes`. */
  readonly laterTastes: readonly { readonly taste: Taste; readonly share: number }[];
  /** Preferences on the first and on the last day, in the taste coordinates; unit length. */
  readonly liking: readonly [Float64Array, Float64Array];
  /** Average visits per week. */
  readonly visits: number;
  /** The day of their first possible visit. */
  readonly joined: number;
  /** How many stars their ratings are above those of others. */
  readonly leniency: number;
}

/** Share of people whose taste changes while the cinema is open. */
const DRIFTING = 0.3;
/** Share of people who discover the cinema after it opened. */
const LATECOMERS = 0.35;

const firstNames = (
  "Ada Amara Anton Asha Bela Bruno Carmen Chidi Clara Dalia Daniel Elif Emeka Esther Farid Freya Goran Hana Hugo Ines Ivan Jamal " +
  "Jonas Kaya Kofi Lea Liam Lina Luca Mara Marek Mei Milo Nadia Nils Noor Olga Omar Paulo Petra Priya Quentin Rafael Rosa Ruben " +
  "Salma Sven Tariq Tessa Tomas Uma Vera Viktor Wanda Xenia Yara Yusuf Zoe"
).split(" ");
const lastNames = (
  "Abe Adeyemi Almeida Andersen Bakker Banerjee Bauer Castillo Chen Costa Dahl Demir Diallo Dubois Eriksen Farkas Ferrari Fischer " +
  "Garcia Haddad Hoffman Horvat Ito Jansen Kaur Keller Kim Kovacs Laine Larsen Lopez Marino Mbeki Mensah Moreau Murphy Nagy Novak " +
  "Okafor Olsen Ortiz Park Patel Petrov Quinn Rahman Reyes Rossi Sato Schmidt Silva Singh Tanaka Tran Vega Virtanen Weber Wong Yilmaz Zhang"
).split(" ");

/** People with unique names. Each is a mixture of one to three tastes with an individual part. */
export function makePeople(count: number, days: number, random: Random): Person[] {
  const taken = new Set<string>();
  const tasteSums = runningSums(tastes.map((taste) => taste.share));
  return Array.from({ length: count }, () => {
    const name = uniqueName(taken, random);
    const now = mixture(tasteSums, random);
    const later = random.uniform() < DRIFTING ? mixture(tasteSums, random) : now;
    const own = Float64Array.from(coordinates, () => 0.12 * random.normal());
    return {
      id: slug(name),
      name,
      tastes: now,
      laterTastes: later,
      liking: [blend(now, own), blend(later, own)] as const,
      // Log-normal: many people come rarely, a few very often.
      visits: Math.min(2.5, 0.37 * Math.exp(0.8 * random.normal())),
      joined: random.uniform() < LATECOMERS ? Math.floor(0.8 * days * random.uniform()) : 0,
      leniency: 0.4 * random.normal(),
    };
  });
}

function mixture(sums: Float64Array, random: Random): Person["tastes"] {
  const shares = new Map<Taste, number>();
  const parts = random.uniform() < 0.5 ? [1] : random.uniform() < 0.7 ? [0.7, 0.3] : [0.5, 0.3, 0.2];
  for (const share of parts) {
    const taste = tastes[drawIndex(sums, random)];
    shares.set(taste, (shares.get(taste) ?? 0) + share);
  }
  return Array.from(shares, ([taste, share]) => ({ taste, share })).sort((a, b) => b.share - a.share);
}

function blend(mix: Person["tastes"], own: Float64Array): Float64Array {
  const vector = own.slice();
  for (const { taste, share } of mix) for (let i = 0; i < vector.length; i++) vector[i] += share * taste.weights[i];
  return unit(vector);
}

function uniqueName(taken: Set<string>, random: Random): string {
  const first = pick(firstNames, random);
  const last = pick(lastNames, random);
  let initials = "";
  let name = `${first} ${last}`;
  while (taken.has(name)) {
    initials += `${String.fromCharCode(65 + random.integer(26))}. `;
    name = `${first} ${initials}${last}`;
  }
  taken.add(name);
  return name;
}
