import type { PropertyType, PropertyValue } from "../../data/entities.ts";
import { dateAdvice, parseDate } from "../../data/moment-text.ts";
import { RecoError } from "../../util/errors.ts";

/** The type of one property. */
export interface PropertyRule {
  readonly type: PropertyType;
  /** False if it was inferred from the first value. */
  readonly declared: boolean;
  /** For vectors, once there is a value. */
  readonly dimensions?: number;
}

/** Rules by property name. */
export type Schema = Readonly<Record<string, PropertyRule>>;

type Properties = Readonly<Record<string, PropertyValue>>;

const types: readonly PropertyType[] = ["number", "boolean", "text", "time", "category", "categories", "vector", "place"];

/** Strings that are longer or have more words than this are text, not category names. */
const NAME_LENGTH = 60;
const NAME_WORDS = 6;

/** Whether a value matches a rule. A single name is a valid `categories` value. */
export function fits(value: PropertyValue, { type, dimensions }: PropertyRule): boolean {
  if (value === null) return true;
  switch (type) {
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "boolean":
      return typeof value === "boolean";
    case "text":
    case "category":
      return typeof value === "string";
    case "time":
      return Number.isFinite(timeOf(value));
    case "categories":
      return typeof value === "string" || (Array.isArray(value) && value.every((name) => typeof name === "string"));
    case "vector":
      return isNumbers(value) && value.length > 0 && (dimensions === undefined || value.length === dimensions);
    case "place":
      return isNumbers(value) && value.length === 2 && Math.abs(value[0]) <= 90 && Math.abs(value[1]) <= 180;
  }
}

/** A time property in milliseconds since 1970; NaN if it isn't a valid time. */
export function timeOf(value: PropertyValue): number {
  if (typeof value === "string") return parseDate(value);
  // A whole number of up to four digits is a year, not a moment of the first seconds of 1970.
  return typeof value === "number" && !(Number.isInteger(value) && value > 0 && value < 10_000) ? value : Number.NaN;
}

/**
 * Extends the schema with the types of new properties, and turns an inferred `category` into `categories` when a list comes.
 *
 * @param whose used in messages: `item "m1"`
 * @throws RecoError `bad-input`, naming the entity and property that don't match
 */
export function extendSchema(schema: Schema, properties: Properties, whose: string): Schema {
  let extended: Record<string, PropertyRule> | undefined;
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || (Array.isArray(value) && value.length === 0)) continue;
    const rule = (extended ?? schema)[name];
    const next = rule === undefined ? learn(value) : grow(rule, value);
    if (next === undefined || !fits(value, next)) throw misfit(whose, name, value, rule);
    if (next === rule) continue;
    extended ??= { ...schema };
    extended[name] = next;
  }
  return extended ?? schema;
}

/**
 * Returns the schema with the declared types.
 *
 * @param values returns all values of a property, each with its owner
 * @throws RecoError `bad-input` for an unknown type, `conflict` if an existing value doesn't match
 */
export function declareTypes(
  schema: Schema,
  declared: Readonly<Record<string, PropertyType>>,
  values: (property: string) => Iterable<readonly [whose: string, value: PropertyValue]>,
): Schema {
  const next: Record<string, PropertyRule> = { ...schema };
  for (const [name, type] of Object.entries(declared)) {
    if (!types.includes(type) || name === "" || name === "__proto__")
      throw new RecoError("bad-input", `The property "${name}" cannot have the type "${type}". Types are ${types.join(", ")}.`);
    const { dimensions } = schema[name] ?? {};
    const rule: PropertyRule =
      type === "vector" && dimensions !== undefined ? { type, declared: true, dimensions } : { type, declared: true };
    if (schema[name] !== undefined && schema[name].type !== type)
      for (const [whose, value] of values(name))
        if (!fits(value, rule))
          throw new RecoError(
            "conflict",
            `The property "${name}" cannot become ${type}: the ${whose} has ${show(value)}. Fix that value first, or use another name.`,
          );
    next[name] = rule;
  }
  return next;
}

function learn(value: PropertyValue): PropertyRule | undefined {
  const type = guess(value);
  if (type === undefined) return undefined;
  return type === "vector" ? { type, declared: false, dimensions: (value as readonly number[]).length } : { type, declared: false };
}

function guess(value: PropertyValue): PropertyType | undefined {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") {
    if (/^\d{4}-\d\d-\d\d([T ]|$)/.test(value) && Number.isFinite(timeOf(value))) return "time";
    return value.length > NAME_LENGTH || value.split(/\s+/, NAME_WORDS + 1).length > NAME_WORDS ? "text" : "category";
  }
  if (isNumbers(value)) return "vector";
  return Array.isArray(value) ? "categories" : undefined;
}

/** Refines a rule by a further value: sets the dimensions at the first vector, and turns an inferred category into categories. */
function grow(rule: PropertyRule, value: PropertyValue): PropertyRule {
  if (rule.type === "vector" && rule.dimensions === undefined && isNumbers(value)) return { ...rule, dimensions: value.length };
  if (rule.type === "category" && !rule.declared && Array.isArray(value)) return { ...rule, type: "categories" };
  return rule;
}

function isNumbers(value: PropertyValue): value is readonly number[] {
  return Array.isArray(value) && value.every((number) => Number.isFinite(number));
}

function misfit(whose: string, name: string, value: PropertyValue, rule: PropertyRule | undefined): RecoError {
  const advice = rule?.type === "time" ? ` In a time, ${dateAdvice(String(value))}.` : "";
  const wanted =
    rule === undefined ? "a value of a known type" : rule.dimensions === undefined ? rule.type : `vector of ${rule.dimensions}`;
  const source =
    rule === undefined ? "" : rule.declared ? ", as declared" : ", inferred from its first value; if that is wrong, declare another type";
  return new RecoError("bad-input", `The ${whose} has ${show(value)} for "${name}", which is ${wanted}${source}.${advice}`);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
