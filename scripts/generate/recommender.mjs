// @ts-check
// The TypeScript types of a recommender and its documentation page, generated from the schema. Types inferred from the schema would lack
// documentation in editors.
import { resolve } from "node:path";
import { createJiti } from "jiti";
import { HEADER, lines } from "./files.mjs";

/**
 * @typedef {import("../../src/util/json-schema.ts").JsonSchema & { readonly refers?: { readonly to: string, readonly type?: string, readonly types?: readonly string[], readonly result?: string } }} Schema
 */

/**
 * The schema of a recommender in a configuration, with the kinds from the generated table.
 *
 * @returns {Promise<Schema>}
 */
export async function recommenderSchema() {
  const jiti = createJiti(import.meta.url, { fsCache: false, moduleCache: false });
  const { PipelineRegistry } = /** @type {any} */ (await jiti.import(resolve("src/pipeline/registry.ts")));
  return JSON.parse(JSON.stringify(new PipelineRegistry().configSchema));
}

/** @param {Schema} schema */
export function typesFile(schema) {
  const declarations = declarationsOf(schema);
  return `${HEADER}import type { Source } from "./source.ts";\n${[...declarations.values()].map((text) => `\n${text}`).join("")}`;
}

/**
 * The declaration for each title, innermost first.
 *
 * @param {Schema} schema
 * @param {Map<string, string>} declared
 */
function declarationsOf(schema, declared = new Map()) {
  typeOf(schema, declared);
  return declared;
}

/**
 * @param {Schema} schema
 * @param {Map<string, string>} declared
 * @returns {string}
 */
function typeOf(schema, declared) {
  const { title } = schema;
  if (title === undefined) return plainType(schema, declared);
  const name = `${title}Spec`;
  if (declared.has(name)) return name;
  if (schema.anyOf === undefined) {
    const text = `${comment(schema)}export interface ${name} ${plainType(schema, declared)}\n`;
    declared.set(name, text);
    return name;
  }
  const kinds = schema.anyOf.map((branch) => {
    const { kind } = branch.properties ?? {};
    return `  ${keyOf(String(kind?.const))}: ${typeOf(/** @type {Schema} */ (branch), declared)};`;
  });
  declared.set(
    name,
    `/** ${title}: its kinds, by name. Declare more of them here to use your own in typed configurations. */
export interface ${title}Kinds {
${lines(kinds)}}

${comment(schema)}export type ${name} = ${title}Kinds[keyof ${title}Kinds];
`,
  );
  return name;
}

/**
 * @param {Schema} schema
 * @param {Map<string, string>} declared
 * @returns {string}
 */
function plainType(schema, declared) {
  if (schema.refers?.to === "code") return String(schema.refers.type);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf !== undefined) return schema.anyOf.map((branch) => typeOf(branch, declared)).join(" | ");
  if (schema.type === "array") {
    const inner = typeOf(schema.items ?? {}, declared);
    return `readonly ${inner.includes(" | ") ? `(${inner})` : inner}[]`;
  }
  if (schema.type !== "object") return schema.type === "integer" ? "number" : (schema.type ?? "unknown");
  const [rest] = Object.values(schema.patternProperties ?? {});
  if (rest !== undefined) return `Readonly<Record<string, ${typeOf(rest, declared)}>>`;
  const fields = Object.entries(schema.properties ?? {}).map(([name, inner]) => {
    const optional = schema.required?.includes(name) ? "" : "?";
    return `${comment(inner, "  ")}  readonly ${keyOf(name)}${optional}: ${typeOf(inner, declared)};`;
  });
  return `{\n${lines(fields)}}`;
}

/** @param {string} name */
function keyOf(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/**
 * @param {Schema} schema
 * @param {string} margin
 */
function comment({ description }, margin = "") {
  return description === undefined ? "" : `${margin}/** ${description.replaceAll("*/", "*\\/")} */\n`;
}

/**
 * Every field of a recommender, in tables.
 *
 * @param {Schema} schema
 */
export function recommenderPage(schema) {
  /** @type {Map<string, string>} */
  const sections = new Map();
  section(schema, sections);
  const [recommender, ...others] = [...sections.values()].reverse();
  return `<!-- Made by scripts/generate.mjs from the schema of a recommender. Do not edit. -->

# Fields of a recommender

Each field, its values, and what it does. [Recommenders](recommenders.md) says when to use which. The same is in the OpenAPI document and in the types
of \`recobase/config\`; anything else is refused.

${recommender}${others.reverse().join("")}`;
}

/**
 * @param {Schema} schema with a title
 * @param {Map<string, string>} sections by title, innermost first
 */
function section(schema, sections) {
  const title = String(schema.title);
  if (sections.has(title)) return;
  const { anyOf = [] } = schema;
  if (anyOf.length > 0) {
    for (const branch of anyOf) for (const inner of titledIn(branch)) section(inner, sections);
    const kinds = anyOf.map((branch) => `### \`${branch.properties?.kind?.const}\`\n\n${branch.description}\n\n${table(branch)}`);
    sections.set(title, `## ${title}\n\n${schema.description}\n\n${kinds.join("\n")}\n`);
    return;
  }
  for (const inner of titledIn(schema)) section(inner, sections);
  sections.set(title, `## ${title}\n\n${schema.description}\n\n${table(schema)}\n`);
}

/**
 * The titled schemas in the fields of an object.
 *
 * @param {Schema} schema
 * @returns {Schema[]}
 */
function titledIn({ properties = {} }) {
  return Object.values(properties).flatMap((inner) => (inner.title ? [inner] : inner.items?.title ? [inner.items] : []));
}

/** @param {Schema} schema */
function table({ properties = {}, required = [] }) {
  const rows = Object.entries(properties)
    .filter(([name]) => name !== "kind")
    .map(([name, inner]) => {
      const cells = [`\`${name}\`${required.includes(name) ? " (required)" : ""}`, valuesOf(inner), inner.description ?? ""];
      return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    });
  return rows.length === 0 ? "No options.\n" : `| field | value | |\n| --- | --- | --- |\n${lines(rows)}`;
}

/**
 * @param {Schema} schema
 * @returns {string}
 */
function valuesOf(schema) {
  const { refers, title, anyOf, type, minimum, exclusiveMinimum, maximum } = schema;
  if (title !== undefined) return `[${title}](#${title.toLowerCase()})`;
  if (refers?.to === "code") return "code";
  if (refers?.to === "expression") return `[expression](expressions.md), ${refers.result === "boolean" ? "true or false" : "a number"}`;
  if (refers?.to === "property") return "item property";
  if (refers?.to === "model") return "[model](models/README.md)";
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (anyOf !== undefined) return anyOf.map(valuesOf).join(", ");
  if (type === "array") return `list of ${valuesOf(schema.items ?? {})}, at most ${schema.maxItems}`;
  if (type === "object") return `${valuesOf(Object.values(schema.patternProperties ?? {})[0] ?? {})} by name`;
  if (type === "string") return schema.expects?.includes("duration") ? "duration" : "text";
  if (type === "boolean") return "true, false";
  const kind = type === "integer" ? "whole number" : "number";
  if (exclusiveMinimum !== undefined) return `${kind} above ${exclusiveMinimum}, at most ${maximum}`;
  return minimum === undefined ? kind : `${kind}, ${minimum} to ${maximum?.toLocaleString("en")}`;
}
