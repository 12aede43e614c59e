import { type TSchema, type TSchemaOptions, Type } from "typebox";
import { Label } from "../data/text-schemas.ts";
import type { Schema } from "../expression/check.ts";
import { compile } from "../expression/compile.ts";
import { limits } from "../expression/limits.ts";
import { allChecks } from "../util/all-checks.ts";
import { RecoError } from "../util/errors.ts";
import { inCode } from "../util/explain-misfit.ts";
import { type JsonSchema, walkValue } from "../util/json-schema.ts";
import { didYouMean } from "../util/nearest-names.ts";

/** What a string in a recommender refers to, which a schema can't check. Stored in the string's schema as `refers`. */
type Reference =
  | { readonly to: "expression"; readonly result: "boolean" | "number"; readonly over: "items" | "request" }
  | { readonly to: "property"; readonly types: readonly string[] }
  | { readonly to: "model" }
  /** A value that is code, of this TypeScript type. */
  | { readonly to: "code"; readonly type: string };

/** What references are checked against. */
export interface ReferenceContext {
  /** The names expressions may use. */
  readonly schema: Schema;
  /** Known model names. If omitted, any name is valid. */
  readonly models?: readonly string[];
}

/**
 * The schema of an expression.
 *
 * @param over what it may use: items and the request, or only user, context and parameters
 */
export function expression(result: "boolean" | "number", over: "items" | "request", options: TSchemaOptions) {
  const refers: Reference = { to: "expression", result, over };
  return Type.String({ minLength: 1, maxLength: limits.source, expects: "must be an expression (a string).", refers, ...options });
}

/** The schema of an item property's name. `types` limits the property types; empty allows any. */
export function propertyName(types: readonly string[], description: string) {
  const refers: Reference = { to: "property", types };
  return { ...Label, refers, description };
}

/** The schema of a model's name. */
export function modelName(description: string) {
  const refers: Reference = { to: "model" };
  return { ...Label, refers, description };
}

/** The schema of a value that is code and so can't be sent over HTTP. */
export function code(type: string, description: string): TSchema {
  const refers: Reference = { to: "code", type };
  return Type.Unsafe({ refers, description });
}

/**
 * Checks what the strings in a value refer to: expressions, properties, models.
 *
 * @param value must match the schema
 * @param path its path in error messages
 * @throws RecoError `bad-config` or `bad-expression`, with the path of the error
 */
export function checkReferences(schema: object, value: unknown, path: string, context: ReferenceContext): void {
  const checks: (() => void)[] = [];
  walkValue(schema as JsonSchema, value, ({ refers }: JsonSchema & { readonly refers?: Reference }, part, pointer) => {
    if (refers !== undefined) checks.push(() => checkReference(refers, part, `${path}${inCode(pointer)}`, context));
  });
  allChecks(checks);
}

function checkReference(refers: Reference, part: unknown, place: string, { schema, models }: ReferenceContext): void {
  if (refers.to === "code") checkSource(part, place);
  else if (refers.to === "expression") checkExpression(String(part), refers, place, schema);
  else if (refers.to === "property") checkProperty(String(part), refers.types, place, schema);
  else if (models !== undefined && !models.includes(String(part)))
    fail(place, `must name a model.${didYouMean(String(part), models)} Available models: ${models.join(", ")}.`);
}

function fail(path: string, message: string): never {
  throw new RecoError("bad-config", `${path} ${message}`);
}

function checkExpression(text: string, { result, over }: Extract<Reference, { to: "expression" }>, path: string, schema: Schema): void {
  try {
    compile(text, { ...(over === "items" ? schema : ofRequest(schema)), result });
  } catch (error) {
    if (error instanceof RecoError) throw new RecoError(error.code, `${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The names an expression over user, context and parameters may use. Item properties are errors even if the schema is open. */
export function ofRequest(schema: Schema): Schema {
  return { ...schema, properties: {}, user: schema.open ? undefined : schema.user, open: false };
}

function checkProperty(name: string, types: readonly string[], path: string, { properties, open }: Schema): void {
  if (!Object.hasOwn(properties, name)) {
    if (!open) fail(path, `names "${name}", but no item property has that name.${didYouMean(name, Object.keys(properties))}`);
  } else if (types.length > 0 && !types.includes(properties[name]))
    fail(path, `names "${name}", which is of type ${properties[name]}; it must be of type ${types.join(" or ")}.`);
}

function checkSource(value: unknown, path: string): void {
  const { name, candidates } = (value ?? {}) as { name?: unknown; candidates?: unknown };
  if (typeof name !== "string" || name === "" || typeof candidates !== "function")
    fail(path, "must have a `name` and a `candidates` method.");
}
