import type { Schema } from "../../expression/check.ts";
import { compile, type Expression } from "../../expression/compile.ts";
import { RecoError } from "../../util/errors.ts";
import { didYouMean } from "../../util/nearest-names.ts";
import type { CalibrationSpec, CapSpec, DiversitySpec, ExplorationSpec, RecommenderSpec } from "../recommender-spec.ts";

/** The rules of a recommender, checked and with their expressions compiled. */
export interface RerankRules {
  /** Each gives a number. */
  readonly boosts: readonly Expression[];
  readonly pins: readonly CompiledPin[];
  readonly caps: readonly CapSpec[];
  readonly shares: readonly CompiledShare[];
  readonly diversity: DiversitySpec | undefined;
  readonly calibration: CalibrationSpec | undefined;
  readonly exploration: ExplorationSpec | undefined;
}

export interface CompiledPin {
  /** Its id: an item may be pinned before it is there. */
  readonly item: string;
  /** From 1. */
  readonly place: number;
  readonly when: Expression | undefined;
}

export interface CompiledShare {
  readonly of: Expression;
  readonly min: number;
}

/** What re-ranking needs of a recommender. */
export type RerankSpec = Pick<RecommenderSpec, "boosts" | "pins" | "caps" | "shares" | "diversity" | "calibration" | "exploration">;

/**
 * Checks the rules of a recommender against the schema and compiles their expressions.
 *
 * @throws RecoError `bad-expression`; `bad-config` for numbers out of range and for properties that are missing or of the wrong type
 */
export function compileRules(spec: RerankSpec, schema: Schema): RerankRules {
  const { boosts = [], pins = [], caps = [], shares = [], diversity, calibration, exploration } = spec;
  for (const { place } of pins) inRange("The place of a pin", place, 1, 1000, true);
  for (const { by, max } of caps) {
    categoryProperty("A cap", by, schema);
    inRange(`The cap by ${by}`, max, 1, 1000, true);
  }
  for (const { min } of shares) {
    if (!(min > 0 && min <= 1)) throw new RecoError("bad-config", `A minimum share must be above 0 and at most 1, and is ${min}.`);
  }
  if (diversity !== undefined) {
    inRange("The strength of diversity", diversity.strength, 0, 1);
    for (const by of diversity.by ?? []) known("Diversity", by, schema);
  }
  if (calibration !== undefined) {
    categoryProperty("Calibration", calibration.by, schema);
    inRange("The strength of calibration", calibration.strength, 0, 1);
  }
  if (exploration?.kind === "epsilon") inRange("epsilon", exploration.epsilon, 0, 1);
  if (exploration?.kind === "thompson") inRange("The share of Thompson sampling", exploration.share ?? 1, 0, 1);
  // No item is there yet, so that an item property is an error here even where the schema is open; a user property is not.
  const onRequest: Schema = { ...schema, properties: {}, user: schema.open ? undefined : schema.user, open: false };
  return {
    boosts: boosts.map(({ by }) => compile(by, { ...schema, result: "number" })),
    pins: pins.map(({ item, place, when }) => ({
      item,
      place,
      when: when === undefined ? undefined : compile(when, { ...onRequest, result: "boolean" }),
    })),
    caps,
    shares: shares.map(({ of, min }) => ({ of: compile(of, { ...schema, result: "boolean" }), min })),
    diversity,
    calibration,
    exploration,
  };
}

function inRange(what: string, value: number, min: number, max: number, whole = false): void {
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return;
  throw new RecoError("bad-config", `${what} must be ${whole ? "a whole number" : "a number"} from ${min} to ${max}, and is ${value}.`);
}

function known(what: string, by: string, { properties, open }: Schema): void {
  if (open || Object.hasOwn(properties, by)) return;
  throw new RecoError("bad-config", `${what} is by "${by}", and no item property has that name.${didYouMean(by, Object.keys(properties))}`);
}

function categoryProperty(what: string, by: string, schema: Schema): void {
  known(what, by, schema);
  const type = Object.hasOwn(schema.properties, by) ? schema.properties[by] : "category";
  if (type === "category" || type === "categories") return;
  throw new RecoError("bad-config", `${what} is by "${by}", which is of type ${type}. It needs a property of type category or categories.`);
}
