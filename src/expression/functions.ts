import type { Type } from "./value-type.ts";

/** One function of the language. */
export interface ExpressionFunction {
  /** As documented: `min(a, b, …)`. */
  readonly signature: string;
  /** Types of the arguments; `any` takes whatever there is. */
  readonly parameters: readonly (Type | "any")[];
  /** The last parameter may come again and again. */
  readonly repeats?: boolean;
  /** `same` is the common type of the arguments. */
  readonly result: Type | "same";
  /** One sentence for the documentation. */
  readonly about: string;
  /** Given for functions from numbers to a number; null is NaN there. */
  readonly compute?: (a: number, b: number) => number;
}

const number = "number";

/** Every function by name. `docs/expressions.md` has this table; a test compares them. */
export const functions: ReadonlyMap<string, ExpressionFunction> = new Map<string, ExpressionFunction>(
  Object.entries({
    has: { signature: "has(x)", parameters: ["any"], result: "boolean", about: "Whether `x` has a value; never null." },
    coalesce: {
      signature: "coalesce(x, y, …)",
      parameters: ["any"],
      repeats: true,
      result: "same",
      about: "The first of its arguments that is not null: numbers, booleans, times or texts.",
    },
    min: {
      signature: "min(a, b, …)",
      parameters: [number],
      repeats: true,
      result: number,
      about: "The smallest number; null when one is null.",
      compute: Math.min,
    },
    max: {
      signature: "max(a, b, …)",
      parameters: [number],
      repeats: true,
      result: number,
      about: "The largest number; null when one is null.",
      compute: Math.max,
    },
    abs: { signature: "abs(a)", parameters: [number], result: number, about: "The number without its sign.", compute: Math.abs },
    floor: { signature: "floor(a)", parameters: [number], result: number, about: "Rounded down.", compute: Math.floor },
    ceil: { signature: "ceil(a)", parameters: [number], result: number, about: "Rounded up.", compute: Math.ceil },
    round: {
      signature: "round(a)",
      parameters: [number],
      result: number,
      about: "The nearest whole number; halves go up.",
      compute: Math.round,
    },
    log: {
      signature: "log(a)",
      parameters: [number],
      result: number,
      about: "Natural logarithm; null for 0 and below.",
      compute: Math.log,
    },
    exp: { signature: "exp(a)", parameters: [number], result: number, about: "e to the power of `a`.", compute: Math.exp },
    sqrt: { signature: "sqrt(a)", parameters: [number], result: number, about: "Square root; null below 0.", compute: Math.sqrt },
    lower: { signature: "lower(t)", parameters: ["text"], result: "text", about: "The text in lower case." },
    contains: {
      signature: "contains(t, part)",
      parameters: ["text", "text"],
      result: "boolean",
      about: "Whether the text `part` stands somewhere in `t`; case counts, so compare `lower(t)`.",
    },
    starts_with: {
      signature: "starts_with(t, part)",
      parameters: ["text", "text"],
      result: "boolean",
      about: "Whether `t` begins with `part`; case counts.",
    },
    count: { signature: "count(list)", parameters: ["categories"], result: number, about: "How many names a list has." },
    overlap: {
      signature: "overlap(list, list)",
      parameters: ["categories", "categories"],
      result: number,
      about: "How many names two lists have in common.",
    },
    now: { signature: "now()", parameters: [], result: "time", about: "The time of the request." },
    age: {
      signature: "age(time)",
      parameters: ["time"],
      result: number,
      about: "Milliseconds from `time` until now, below 0 for the future; compare it with `days(n)`.",
    },
    hours: {
      signature: "hours(n)",
      parameters: [number],
      result: number,
      about: "`n` hours in milliseconds.",
      compute: (n) => n * 3_600_000,
    },
    days: {
      signature: "days(n)",
      parameters: [number],
      result: number,
      about: "`n` days in milliseconds.",
      compute: (n) => n * 86_400_000,
    },
    place: {
      signature: "place(latitude, longitude)",
      parameters: [number, number],
      result: "place",
      about: "A place of two numbers in degrees; null outside [-90, 90] and [-180, 180].",
    },
    distance: {
      signature: "distance(place, place)",
      parameters: ["place", "place"],
      result: number,
      about: "Kilometres on the great circle between two places (haversine formula, mean radius of the earth).",
    },
    cosine: {
      signature: "cosine(vector, vector)",
      parameters: ["vector", "vector"],
      result: number,
      about: "Cosine of the angle between two vectors, in [-1, 1]; null where one is missing, is all 0 or has another length.",
    },
  } satisfies Record<string, ExpressionFunction>),
);
