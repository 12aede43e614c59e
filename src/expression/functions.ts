import type { Type } from "./value-type.ts";

/** One function of the language. */
export interface ExpressionFunction {
  /** As shown in the documentation: `min(a, b, …)`. */
  readonly signature: string;
  /** Types of the arguments; `any` accepts every type. */
  readonly parameters: readonly (Type | "any")[];
  /** The last parameter can be repeated. */
  readonly repeats?: boolean;
  /** `same` means the common type of the arguments. */
  readonly result: Type | "same";
  /** One sentence for the documentation. */
  readonly about: string;
  /** Only for functions from numbers to a number. Null is passed and returned as NaN. */
  readonly compute?: (a: number, b: number) => number;
}

const number = "number";

/** Every function by name. `docs/expressions.md` repeats this table; a test keeps them in sync. */
export const functions: ReadonlyMap<string, ExpressionFunction> = new Map<string, ExpressionFunction>(
  Object.entries({
    has: { signature: "has(x)", parameters: ["any"], result: "boolean", about: "Whether `x` has a value; never null." },
    coalesce: {
      signature: "coalesce(x, y, …)",
      parameters: ["any"],
      repeats: true,
      result: "same",
      about: "The first argument that isn't null. Takes numbers, booleans, times or texts.",
    },
    min: {
      signature: "min(a, b, …)",
      parameters: [number],
      repeats: true,
      result: number,
      about: "The smallest number; null if any is null.",
      compute: Math.min,
    },
    max: {
      signature: "max(a, b, …)",
      parameters: [number],
      repeats: true,
      result: number,
      about: "The largest number; null if any is null.",
      compute: Math.max,
    },
    abs: { signature: "abs(a)", parameters: [number], result: number, about: "Absolute value.", compute: Math.abs },
    floor: { signature: "floor(a)", parameters: [number], result: number, about: "Rounded down.", compute: Math.floor },
    ceil: { signature: "ceil(a)", parameters: [number], result: number, about: "Rounded up.", compute: Math.ceil },
    round: {
      signature: "round(a)",
      parameters: [number],
      result: number,
      about: "Rounded to the nearest integer; halves round up.",
      compute: Math.round,
    },
    log: {
      signature: "log(a)",
      parameters: [number],
      result: number,
      about: "Natural logarithm; null at or below 0.",
      compute: Math.log,
    },
    exp: { signature: "exp(a)", parameters: [number], result: number, about: "e to the power of `a`.", compute: Math.exp },
    sqrt: { signature: "sqrt(a)", parameters: [number], result: number, about: "Square root; null below 0.", compute: Math.sqrt },
    lower: { signature: "lower(t)", parameters: ["text"], result: "text", about: "The text in lowercase." },
    contains: {
      signature: "contains(t, part)",
      parameters: ["text", "text"],
      result: "boolean",
      about: "Whether `t` contains `part`. Case-sensitive; use `lower(t)` to ignore case.",
    },
    starts_with: {
      signature: "starts_with(t, part)",
      parameters: ["text", "text"],
      result: "boolean",
      about: "Whether `t` starts with `part`. Case-sensitive.",
    },
    count: { signature: "count(list)", parameters: ["categories"], result: number, about: "Number of names in the list." },
    overlap: {
      signature: "overlap(list, list)",
      parameters: ["categories", "categories"],
      result: number,
      about: "Number of names that both lists contain.",
    },
    now: { signature: "now()", parameters: [], result: "time", about: "The time of the request." },
    age: {
      signature: "age(time)",
      parameters: ["time"],
      result: number,
      about: "Milliseconds from `time` until now, negative for the future. Compare it with `days(n)`.",
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
      about: "A place from degrees; null outside [-90, 90] and [-180, 180].",
    },
    distance: {
      signature: "distance(place, place)",
      parameters: ["place", "place"],
      result: number,
      about: "Great-circle distance in kilometers (haversine formula, mean Earth radius).",
    },
    cosine: {
      signature: "cosine(vector, vector)",
      parameters: ["vector", "vector"],
      result: number,
      about: "Cosine of the angle between two vectors, in [-1, 1]; null if one is missing or all zeros, or if their lengths differ.",
    },
  } satisfies Record<string, ExpressionFunction>),
);
