import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { explainMisfit } from "../util/explain-misfit.ts";
import { type Flaw, InvalidRequest } from "./problem.ts";

const parts: Readonly<Record<string, Flaw["in"]>> = { body: "body", querystring: "query", params: "path" };

/**
 * Checks one part of a request against its schema, with code compiled once. Nothing is removed, filled in or converted, except query
 * parameters, which arrive as text: numbers, booleans and lists are parsed as the schema says.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema);
  const part = parts[httpPart ?? "body"] ?? "body";
  const read = part === "body" ? undefined : queryReader(schema);
  return (given: unknown) => {
    const value = read === undefined ? given : read(given as Record<string, unknown>);
    if (compiled.Check(value)) return { value };
    const misfits = explainMisfit(schema, value);
    const told = misfits.length > 0 ? misfits : [{ path: "", message: "does not match the schema of this request." }];
    return { error: new InvalidRequest(told.map((misfit) => ({ in: part, ...misfit }))) };
  };
};

/** Parses text as the type in the schema. Text that can't be parsed stays text, and the check rejects it. */
function queryReader(schema: object): ((query: Record<string, unknown>) => Record<string, unknown>) | undefined {
  const properties = Object.entries((schema as { properties?: Record<string, { type?: string }> }).properties ?? {});
  const numbers = properties.flatMap(([name, { type }]) => (type === "number" || type === "integer" ? [name] : []));
  const booleans = properties.flatMap(([name, { type }]) => (type === "boolean" ? [name] : []));
  const lists = properties.flatMap(([name, { type }]) => (type === "array" ? [name] : []));
  if (numbers.length + booleans.length + lists.length === 0) return undefined;
  return (query) => {
    for (const name of numbers) {
      const text = query[name];
      if (typeof text === "string" && /^-?\d+(\.\d+)?$/.test(text)) query[name] = Number(text);
    }
    for (const name of booleans) if (query[name] === "true" || query[name] === "false") query[name] = query[name] === "true";
    for (const name of lists) if (typeof query[name] === "string") query[name] = [query[name]];
    return query;
  };
}
