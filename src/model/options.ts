import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";

/** The values of an option that a tuner may try. */
export type SearchSpace =
  | { readonly scale: "linear" | "log"; readonly from: number; readonly to: number }
  | { readonly scale: "choice"; readonly values: readonly (number | string | boolean)[] };

/** One typed option of a model: its default, its range and where to search. */
export interface OptionSpec<T> {
  readonly type: "float" | "int" | "boolean" | "choice";
  readonly default: T;
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly T[];
  readonly search?: SearchSpace;
}

// biome-ignore lint/suspicious/noExplicitAny: the one place where the value type of an option is open
export type OptionSpecs = Readonly<Record<string, OptionSpec<any>>>;

/** The values of a set of options: what `fit` receives. */
export type OptionValues<O extends OptionSpecs> = { readonly [K in keyof O]: O[K] extends OptionSpec<infer T> ? T : never };

interface Range {
  readonly min?: number;
  readonly max?: number;
  readonly search?: SearchSpace;
}

/** A real number in [min, max]. */
export function float(defaultValue: number, range: Range = {}): OptionSpec<number> {
  return { type: "float", default: defaultValue, ...range };
}

/** A whole number in [min, max]. */
export function int(defaultValue: number, range: Range = {}): OptionSpec<number> {
  return { type: "int", default: defaultValue, ...range };
}

/** True or false. */
export function boolean(defaultValue: boolean): OptionSpec<boolean> {
  return { type: "boolean", default: defaultValue, search: { scale: "choice", values: [true, false] } };
}

/** One of a few names; the first is the default. */
export function choice<const V extends readonly [string, ...string[]]>(values: V): OptionSpec<V[number]> {
  return { type: "choice", default: values[0], values, search: { scale: "choice", values } };
}

/** Search evenly between two bounds. */
export function linear(from: number, to: number): SearchSpace {
  return { scale: "linear", from, to };
}

/** Search evenly in the logarithm between two positive bounds. */
export function log(from: number, to: number): SearchSpace {
  return { scale: "log", from, to };
}

/**
 * All option values: the given ones, checked, and defaults for the rest.
 *
 * @throws RecoError `bad-option` for an unknown name (suggesting similar ones), a wrong type or a value outside its range.
 */
export function resolveOptions<O extends OptionSpecs>(model: string, specs: O, given: Readonly<Record<string, unknown>>): OptionValues<O> {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(specs, name)) {
      const known = Object.keys(specs);
      const list = known.length === 0 ? "It has no options." : `Its options: ${known.join(", ")}.`;
      throw new RecoError("bad-option", `${model} has no option "${name}".${didYouMean(name, known)} ${list}`);
    }
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs))
    values[name] = given[name] === undefined ? spec.default : checkOption(`${model}.${name}`, spec, given[name]);
  return values as OptionValues<O>;
}

function checkOption(name: string, spec: OptionSpec<unknown>, value: unknown): unknown {
  const refuse = (wanted: string) => {
    throw new RecoError("bad-option", `${name} must be ${wanted}, not ${JSON.stringify(value)}.`);
  };
  if (spec.type === "boolean") return typeof value === "boolean" ? value : refuse("true or false");
  if (spec.type === "choice")
    return (spec.values as unknown[]).includes(value) ? value : refuse(`one of ${(spec.values as unknown[]).join(", ")}`);
  if (typeof value !== "number" || !Number.isFinite(value)) return refuse(spec.type === "int" ? "a whole number" : "a number");
  if (spec.type === "int" && !Number.isInteger(value)) return refuse("a whole number");
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = spec;
  return value >= min && value <= max ? value : refuse(`between ${min} and ${max}`);
}

/** Parses an option value from the command line. @throws RecoError `bad-option` */
export function parseOption(name: string, spec: OptionSpec<unknown>, text: string): unknown {
  const value =
    spec.type === "choice"
      ? text
      : spec.type === "boolean"
        ? { true: true, false: false }[text]
        : text.trim() === ""
          ? Number.NaN
          : Number(text);
  return checkOption(name, spec, value === undefined || Number.isNaN(value) ? text : value);
}
