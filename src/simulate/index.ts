export { affinity } from "./affinity.ts";
export { choose, rate } from "./choice.ts";
export { type Cinema, type CinemaOptions, simulateCinema, type Truth } from "./cinema.ts";
export type { Film } from "./films.ts";
export { type Genre, genres } from "./genres.ts";
export type { Person } from "./people.ts";
export { coordinates, type Taste, tastes } from "./tastes.ts";
export type { Viewing } from "./viewings.ts";
