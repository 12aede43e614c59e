import { isOf, type JsonSchema, pointerStep } from "./json-schema.ts";
import { didYouMean } from "./nearest-names.ts";

/** One part of a value that doesn't match its schema: a JSON pointer to it, and what is wrong. */
export interface Misfit {
  readonly path: string;
  readonly message: string;
}

/** Most problems reported per value. More are usually the same mistake repeated. */
const MOST = 20;

/**
 * Explains to people why a value doesn't match a schema; empty if it does. This is slow, so requests call it only after a compiled check failed.
 *
 * Compiled validators only report that no branch of a union matches, or that a field is unknown. This one picks the intended branch and suggests
 * similar field names.
 */
export function explainMisfit(schema: object, value: unknown): readonly Misfit[] {
  const found: Misfit[] = [];
  visit(schema as JsonSchema, value, "", found);
  return found;
}

/** A JSON pointer in code notation: `/sources/0/by` becomes `.sources[0].by`. Append it to the name of the value. */
export function inCode(path: string): string {
  const steps = path.split("/").slice(1);
  return steps
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((step) => (/^\d+$/.test(step) ? `[${step}]` : /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`))
    .join("");
}

function visit(schema: JsonSchema, value: unknown, path: string, found: Misfit[]): void {
  if (found.length >= MOST) return;
  const say = (message: string) => found.push({ path, message });
  if (schema.anyOf !== undefined) return visitUnion(schema, schema.anyOf, value, path, found);
  if (schema.const !== undefined) {
    if (value !== schema.const) say(`must be ${JSON.stringify(schema.const)}.`);
    return;
  }
  if (schema.enum !== undefined) {
    if (!schema.enum.includes(value)) say(oneOf(schema.enum, value));
    return;
  }
  if (schema.type !== undefined && !isOf(schema.type, value)) {
    say(schema.expects?.startsWith("must ") ? schema.expects : `must be ${names[schema.type] ?? schema.type}, but is ${kindOf(value)}.`);
    return;
  }
  if (typeof value === "string") visitText(schema, value, say);
  else if (typeof value === "number") visitNumber(schema, value, say);
  else if (Array.isArray(value)) {
    const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
    if (value.length < minItems) say(`must have at least ${minItems} ${minItems === 1 ? "entry" : "entries"}.`);
    if (value.length > maxItems)
      say(`has ${value.length.toLocaleString("en")} entries; at most ${maxItems.toLocaleString("en")} are allowed.`);
    else if (schema.items !== undefined)
      for (let i = 0; i < value.length && found.length < MOST; i++) visit(schema.items, value[i], `${path}/${i}`, found);
  } else if (typeof value === "object" && value !== null) visitObject(schema, value as Readonly<Record<string, unknown>>, path, found);
}

/** Checks a value against the intended branch of a union: the one with the same constant field, otherwise those of the value's type. */
function visitUnion(schema: JsonSchema, branches: readonly JsonSchema[], value: unknown, path: string, found: Misfit[]): void {
  const constants: readonly unknown[] = branches.map((branch) => branch.const);
  if (!constants.includes(undefined)) {
    if (!constants.includes(value)) found.push({ path, message: oneOf(constants, value) });
    return;
  }
  const ofType = branches.filter((branch) => branch.type === undefined || isOf(branch.type, value));
  if (ofType.length === 1) return visit(ofType[0], value, path, found);
  if (ofType.length > 1 && typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const field of Object.keys(ofType[0].properties ?? {})) {
      const kinds: readonly unknown[] = ofType.map((branch) => branch.properties?.[field]?.const);
      if (kinds.includes(undefined)) continue;
      const given = (value as Record<string, unknown>)[field];
      const meant = ofType[kinds.indexOf(given)];
      if (meant !== undefined) return visit(meant, value, path, found);
      found.push({
        path: `${path}/${pointerStep(field)}`,
        message: given === undefined ? `is missing: ${listed(kinds)}.` : oneOf(kinds, given),
      });
      return;
    }
  }
  if (ofType.length > 1) {
    const tries = ofType.map((branch) => {
      const inside: Misfit[] = [];
      visit(branch, value, path, inside);
      return inside;
    });
    if (tries.some((inside) => inside.length === 0)) return;
    // The branch with the fewest problems; of several, the one whose first problem is deepest.
    tries.sort((a, b) => a.length - b.length || (a[0].path < b[0].path ? 1 : -1));
    found.push(...tries[0]);
    return;
  }
  const types = [...new Set(branches.map((branch) => names[branch.type ?? ""] ?? `${JSON.stringify(branch.const)}`))];
  found.push({ path, message: `must be ${schema.expects ?? types.join(" or ")}, but is ${kindOf(value)}.` });
}

function visitObject(schema: JsonSchema, value: Readonly<Record<string, unknown>>, path: string, found: Misfit[]): void {
  const { properties = {}, required = [], patternProperties = {} } = schema;
  const at = (message: string, name?: string) => found.push({ path: name === undefined ? path : `${path}/${pointerStep(name)}`, message });
  for (const name of required) if (!Object.hasOwn(value, name) || value[name] === undefined) at("is missing.", name);
  const own = Object.keys(value);
  if (own.length > (schema.maxProperties ?? Number.POSITIVE_INFINITY))
    at(`has ${own.length} entries; at most ${schema.maxProperties} are allowed.`);
  if (own.length < (schema.minProperties ?? 0)) at(`must have at least ${schema.minProperties} entries.`);
  const patterns = Object.entries(patternProperties).map(([pattern, inner]) => ({ pattern: new RegExp(pattern, "u"), inner }));
  for (const name of own) {
    if (found.length >= MOST) return;
    const inner = Object.hasOwn(properties, name) ? properties[name] : patterns.find(({ pattern }) => pattern.test(name))?.inner;
    if (inner !== undefined) {
      if (value[name] !== undefined) visit(inner, value[name], `${path}/${pointerStep(name)}`, found);
    } else if (schema.additionalProperties === false) {
      const known = Object.keys(properties);
      const advice = patterns.length > 0 ? (schema.expects ?? "is not a valid name here.") : `is not known here.${didYouMean(name, known)}`;
      at(advice, name.slice(0, 64));
    }
  }
}

function visitText(schema: JsonSchema, value: string, say: (message: string) => void): void {
  // JSON Schema counts code points.
  const length = schema.minLength === undefined && schema.maxLength === undefined ? 0 : [...value.slice(0, 1 << 16)].length;
  if (length < (schema.minLength ?? 0)) say(length === 0 ? "must not be empty." : `must have at least ${schema.minLength} characters.`);
  else if (length > (schema.maxLength ?? Number.POSITIVE_INFINITY))
    say(`has more than ${schema.maxLength?.toLocaleString("en")} characters.`);
  else if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value))
    say(schema.expects ?? `must match ${schema.pattern}.`);
}

function visitNumber(schema: JsonSchema, value: number, say: (message: string) => void): void {
  if (value < (schema.minimum ?? Number.NEGATIVE_INFINITY)) say(schema.expects ?? `must be at least ${schema.minimum}, but is ${value}.`);
  if (value > (schema.maximum ?? Number.POSITIVE_INFINITY)) say(`must be at most ${schema.maximum}, but is ${value}.`);
  if (value <= (schema.exclusiveMinimum ?? Number.NEGATIVE_INFINITY)) say(`must be above ${schema.exclusiveMinimum}, but is ${value}.`);
}

const names: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
  null: "null",
};

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return value === null ? "null" : "missing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return typeof value === "object" ? "an object" : String(value);
}

function listed(values: readonly unknown[]): string {
  return `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`;
}

function oneOf(values: readonly unknown[], value: unknown): string {
  const texts = values.filter((known) => typeof known === "string");
  const advice = typeof value === "string" ? didYouMean(value.slice(0, 64), texts) : "";
  return `must be ${listed(values)}, but is ${kindOf(value)}.${advice}`;
}
