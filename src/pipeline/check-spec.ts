import type { Schema } from "../expression/check.ts";
import { compile } from "../expression/compile.ts";
import { parseDuration } from "../util/duration.ts";
import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";
import { sourcesOf } from "./default-sources.ts";
import { sourceName } from "./make-source.ts";
import type { RecommenderSpec, SourceSpec } from "./recommender-spec.ts";

/** What a spec is checked against. */
export interface SpecContext {
  /** What expressions may speak of. */
  readonly schema: Schema;
  /** Names of models there are. */
  readonly models: readonly string[];
  /** Whether sources of one's own are allowed, which are code: in a configuration, not over HTTP. */
  readonly custom: boolean;
}

type Check = (value: unknown, path: string, context: SpecContext) => void;
type Fields = Readonly<Record<string, Check>>;

/**
 * Checks a recommender that came as JSON or from a configuration: fields, types, ranges, properties, expressions.
 *
 * @param path where it stands, for messages: `recommenders.for-you`
 * @throws RecoError `bad-config` or `bad-expression`, naming the path of what is wrong
 */
export function checkSpec(spec: unknown, path: string, context: SpecContext): asserts spec is RecommenderSpec {
  fieldsOf(recommenderFields)(spec, path, context);
  const { fallbacks = [], scorer } = spec as RecommenderSpec;
  const names = namesOf(sourcesOf(spec as RecommenderSpec), `${path}.sources`);
  namesOf(fallbacks, `${path}.fallbacks`);
  for (const name of Object.keys(scorer?.weights ?? {}))
    if (!names.includes(name)) fail(`${path}.scorer.weights`, `names "${name}", and no source has that name.${didYouMean(name, names)}`);
}

function fail(path: string, message: string): never {
  throw new RecoError("bad-config", `${path} ${message}`);
}

/** Answers and blends tell sources by their names, so these must differ. */
function namesOf(sources: readonly SourceSpec[], path: string): string[] {
  const names = sources.map(sourceName);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) fail(path, `has two sources called "${twice}". Give one of them another "name".`);
  return names;
}

const text: Check = (value, path) => {
  if (typeof value !== "string" || value.length === 0 || value.length > 200) fail(path, "must be text of 1 to 200 characters.");
};
const flag: Check = (value, path) => {
  if (typeof value !== "boolean") fail(path, "must be true or false.");
};
const duration: Check = (value, path) => {
  if (typeof value !== "string" || parseDuration(value) === undefined) fail(path, 'must be a length of time such as "30m", "6h" or "7d".');
};

function number(least: number, most: number, whole = false): Check {
  return (value, path) => {
    if (typeof value === "number" && value >= least && value <= most && (!whole || Number.isInteger(value))) return;
    fail(path, `must be a ${whole ? "whole " : ""}number from ${least} to ${most}.`);
  };
}

function choice(...names: string[]): Check {
  return (value, path) => {
    if (typeof value === "string" && names.includes(value)) return;
    fail(path, `must be one of ${names.join(", ")}.${typeof value === "string" ? didYouMean(value, names) : ""}`);
  };
}

function list(check: Check, most: number): Check {
  return (value, path, context) => {
    if (!Array.isArray(value)) fail(path, "must be a list.");
    if (value.length > most) fail(path, `has ${value.length} entries; at most ${most} are allowed.`);
    for (const [i, entry] of value.entries()) check(entry, `${path}[${i}]`, context);
  };
}

/** Values by names that anybody may choose. */
function record(check: Check): Check {
  return (value, path, context) => {
    for (const [name, entry] of Object.entries(objectAt(value, path))) check(entry, `${path}.${name}`, context);
  };
}

function fieldsOf(fields: Fields, ...required: string[]): Check {
  return (value, path, context) => {
    const object = objectAt(value, path);
    for (const [name, entry] of Object.entries(object)) {
      if (!Object.hasOwn(fields, name)) fail(path, `has no field "${name}".${didYouMean(name, Object.keys(fields))}`);
      if (entry !== undefined) fields[name](entry, `${path}.${name}`, context);
    }
    for (const name of required) if (object[name] === undefined) fail(`${path}.${name}`, "is missing.");
  };
}

/** Objects that say by their field `kind` which other fields they have. */
function kinds(byKind: Readonly<Record<string, Check>>): Check {
  const kind = choice(...Object.keys(byKind));
  return (value, path, context) => {
    const object = objectAt(value, path);
    kind(object.kind, `${path}.kind`, context);
    byKind[String(object.kind)](value, path, context);
  };
}

function objectAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(path, "must be an object.");
  return value as Readonly<Record<string, unknown>>;
}

/** `request`: over user, context and parameters alone. */
function expression(result: "boolean" | "number", over: "items" | "request"): Check {
  return (value, path, { schema }) => {
    if (typeof value !== "string") fail(path, "must be an expression, as text.");
    try {
      compile(value, over === "items" ? { ...schema, result } : { ...schema, properties: {}, open: false, result });
    } catch (error) {
      if (error instanceof RecoError) throw new RecoError(error.code, `${path}: ${error.message}`, { cause: error });
      throw error;
    }
  };
}

function property(...types: string[]): Check {
  return (value, path, context) => {
    text(value, path, context);
    const { properties, open } = context.schema;
    const name = String(value);
    if (!Object.hasOwn(properties, name)) {
      if (!open) fail(path, `names "${name}", and no item property has that name.${didYouMean(name, Object.keys(properties))}`);
    } else if (types.length > 0 && !types.includes(properties[name]))
      fail(path, `names "${name}", which is of type ${properties[name]}; it must be of type ${types.join(" or ")}.`);
  };
}

const kind: Check = () => undefined;
const named: Fields = { kind, name: text, deadline: number(1, 60_000) };
const option: Check = (value, path) => {
  if (!["string", "number", "boolean"].includes(typeof value)) fail(path, "must be text, a number, true or false.");
};
const model: Check = (value, path, { models }) => {
  if (typeof value === "string" && models.includes(value)) return;
  fail(path, `must name a model.${typeof value === "string" ? didYouMean(value, models) : ""} There are ${models.join(", ")}.`);
};
const custom: Check = (value, path, context) => {
  if (!context.custom) fail(path, 'is of kind "custom", which is code: it can stand in a configuration only.');
  fieldsOf(
    {
      kind,
      deadline: named.deadline,
      source: (source, at) => {
        const { name, candidates } = objectAt(source, at);
        if (typeof name !== "string" || name === "" || typeof candidates !== "function")
          fail(at, "must have a name and a method candidates.");
      },
    },
    "source",
  )(value, path, context);
};

const source = kinds({
  model: fieldsOf({ ...named, model, options: record(option) }),
  trending: fieldsOf({ ...named, window: duration, event: text }),
  popular: fieldsOf({ ...named, halfLife: duration, event: text }),
  newest: fieldsOf({ ...named, by: property("time", "number") }),
  "recently-viewed": fieldsOf({ ...named, event: text }),
  "buy-again": fieldsOf({ ...named, event: text }),
  content: fieldsOf({ ...named, properties: list(property("text", "category", "categories", "number", "vector"), 100) }),
  together: fieldsOf({ ...named, event: text }),
  custom,
});
const weights = record(number(0, 1000));
const blend = fieldsOf({ kind, weights, method: choice("ranks", "scores") });
const strength = number(0, 1);
const category = property("category", "categories");
const diversity = fieldsOf({ kind, strength, by: list(property(), 100) }, "strength");

const recommenderFields: Fields = {
  for: choice("user", "items", "items-to-users", "similar-users"),
  sources: list(source, 20),
  anchor: choice("strongest"),
  filter: expression("boolean", "items"),
  includeSeen: flag,
  seenBy: list(text, 256),
  scorer: kinds({ blend, learned: blend }),
  boosts: list(fieldsOf({ by: expression("number", "items") }, "by"), 50),
  pins: list(fieldsOf({ item: text, place: number(1, 1000, true), when: expression("boolean", "request") }, "item", "place"), 100),
  caps: list(fieldsOf({ by: category, max: number(1, 1000, true) }, "by", "max"), 20),
  shares: list(fieldsOf({ of: expression("boolean", "items"), min: number(Number.MIN_VALUE, 1) }, "of", "min"), 20),
  diversity: kinds({ mmr: diversity, dpp: diversity }),
  calibration: fieldsOf({ by: category, strength }, "by", "strength"),
  exploration: kinds({ epsilon: fieldsOf({ kind, epsilon: strength }, "epsilon"), thompson: fieldsOf({ kind, share: strength }) }),
  fallbacks: list(source, 20),
};
