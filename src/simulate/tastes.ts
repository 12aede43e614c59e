import { genres } from "./genres.ts";

/** A taste in films that many people share. People are mixtures of a few. */
export interface Taste {
  readonly name: string;
  /** How common it is, relative to the other tastes. */
  readonly share: number;
  /** What it likes (positive) and dislikes, by coordinate: see {@link coordinates}. Unit length. */
  readonly weights: Float64Array;
}

/** The coordinates of films and tastes: one per genre, then pace, darkness and spectacle. */
export const coordinates: readonly string[] = [...genres.map((genre) => genre.name), "pace", "darkness", "spectacle"];

/** The tastes of the simulated cinema's people. */
export const tastes: readonly Taste[] = [
  taste("space and big ideas", 1.2, { "science fiction": 1, drama: 0.2, pace: -0.3, spectacle: 0.3 }),
  taste("midnight horror", 0.9, { horror: 1, thriller: 0.4, darkness: 0.5, romance: -0.3 }),
  taste("date night", 1.1, { romance: 1, comedy: 0.6, darkness: -0.3, "war and history": -0.3 }),
  taste("noir and crime", 1, { crime: 1, thriller: 0.6, darkness: 0.3, animation: -0.3 }),
  taste("the family sofa", 1.2, { animation: 1, adventure: 0.5, comedy: 0.3, darkness: -0.5, horror: -0.5 }),
  taste("true stories", 0.7, { documentary: 1, "war and history": 0.5, fantasy: -0.3 }),
  taste("epics and battles", 0.7, { "war and history": 0.9, adventure: 0.5, western: 0.3, spectacle: 0.5 }),
  taste("dust and horses", 0.5, { western: 1, crime: 0.2, adventure: 0.3, "science fiction": -0.2 }),
  taste("slow cinema", 0.8, { drama: 0.9, documentary: 0.3, pace: -0.6, spectacle: -0.5, action: -0.4 }),
  taste("popcorn action", 1.4, { action: 1, "science fiction": 0.3, adventure: 0.4, pace: 0.4, spectacle: 0.4 }),
  taste("swords and spells", 0.8, { fantasy: 1, adventure: 0.3, animation: 0.2, spectacle: 0.2 }),
  taste("song and dance", 0.5, { musical: 1, romance: 0.4, comedy: 0.4, darkness: -0.3 }),
];

function taste(name: string, share: number, likes: Readonly<Record<string, number>>): Taste {
  return { name, share, weights: unit(Float64Array.from(coordinates, (coordinate) => likes[coordinate] ?? 0)) };
}

/** Scales a vector to length 1, in place. */
export function unit(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector);
  for (let i = 0; i < vector.length; i++) vector[i] /= length || 1;
  return vector;
}
