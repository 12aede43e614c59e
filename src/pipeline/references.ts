import { type TSchema, type TSchemaOptions, Type } from "typebox";
import { Label } from "../data/text-schemas.ts";
import type { Schema } from "../expression/check.ts";
import { compile } from "../expression/compile.ts";
import { limits } from "../expression/limits.ts";
import { RecoError } from "../util/errors.ts";
import { inCode } from "../util/explain-misfit.ts";
import { type JsonSchema, walkValue } from "../util/json-schema.ts";
import { didYouMean } from "../util/nearest-names.ts";

/** What a text in a recommender stands for, which no schema can check: it stands in the schema of the text as `refers`. */
type Reference =
  | { readonly to: "expression"; readonly result: "boolean" | "number"; readonly over: "items" | "request" }
  | { readonly to: "property"; readonly types: readonly string[] }
  | { readonly to: "model" }
  /** A value that is code, of this TypeScript type. */
  | { readonly to: "code"; readonly type: string };

/** What references are checked against. */
export interface ReferenceContext {
  /** What expressions may speak of. */
  readonly schema: Schema;
  /** Names of models there are; any name is fine where this is absent. */
  readonly models?: readonly string[];
}

/**
 * The schema of an expression.
 *
 * @param over what it may speak of: an item and the request, or user, context and parameters alone
 */
export function expression(result: "boolean" | "number", over: "items" | "request", options: TSchemaOptions) {
  const refers: Reference = { to: "expression", result, over };
  return Type.String({ minLength: 1, maxLength: limits.source, expects: "must be an expression, as text.", refers, ...options });
}

/** The schema of the name of an item property that has one of these types; any type where there are none. */
export function propertyName(types: readonly string[], description: string) {
  const refers: Reference = { to: "property", types };
  return { ...Label, refers, description };
}

/** The schema of the name of a model. */
export function modelName(description: string) {
  const refers: Reference = { to: "model" };
  return { ...Label, refers, description };
}

/** The schema of a value that is code, and so cannot come over HTTP. */
export function code(type: string, description: string): TSchema {
  const refers: Reference = { to: "code", type };
  return Type.Unsafe({ refers, description });
}

/**
 * Checks what the texts of a value refer to: expressions, properties, models.
 *
 * @param value fits the schema
 * @param path where it stands, for messages
 * @throws RecoError `bad-config` or `bad-expression`, naming the path of what is wrong
 */
export function checkReferences(schema: object, value: unknown, path: string, context: ReferenceContext): void {
  walkValue(schema as JsonSchema, value, ({ refers }: JsonSchema & { readonly refers?: Reference }, part, pointer) => {
    if (refers === undefined) return;
    const place = `${path}${inCode(pointer)}`;
    if (refers.to === "code") checkSource(part, place);
    else if (refers.to === "expression") checkExpression(String(part), refers, place, context.schema);
    else if (refers.to === "property") checkProperty(String(part), refers.types, place, context.schema);
    else if (context.models !== undefined && !context.models.includes(String(part)))
      fail(place, `must name a model.${didYouMean(String(part), context.models)} There are ${context.models.join(", ")}.`);
  });
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

/** What an expression over user, context and parameters may speak of: an item property is an error even where the schema is open. */
export function ofRequest(schema: Schema): Schema {
  return { ...schema, properties: {}, user: schema.open ? undefined : schema.user, open: false };
}

function checkProperty(name: string, types: readonly string[], path: string, { properties, open }: Schema): void {
  if (!Object.hasOwn(properties, name)) {
    if (!open) fail(path, `names "${name}", and no item property has that name.${didYouMean(name, Object.keys(properties))}`);
  } else if (types.length > 0 && !types.includes(properties[name]))
    fail(path, `names "${name}", which is of type ${properties[name]}; it must be of type ${types.join(" or ")}.`);
}

function checkSource(value: unknown, path: string): void {
  const { name, candidates } = (value ?? {}) as { name?: unknown; candidates?: unknown };
  if (typeof name !== "string" || name === "" || typeof candidates !== "function") fail(path, "must have a name and a method candidates.");
}
