// @ts-check
// docs/openapi.json: the document that the server serves at /openapi.json, committed so that API changes show up in review. Also the tables of
// fields in the pages, which are generated from it.
import { runnerImport } from "vite";
import { lines } from "./files.mjs";

/** @typedef {{ type?: string, anyOf?: Field[], description?: string, maxLength?: number, properties?: Record<string, Field>, required?: string[] }} Field */

/** A stand-in for an engine, since no request reaches it. @param {import("../../src/pipeline/registry.ts").PipelineRegistry} registry */
const engineWith = (registry) =>
  /** @type {import("../../src/engine/engine.ts").Engine} */ (
    /** @type {unknown} */ ({
      config: {},
      registry,
      store: { projects: () => ["default"], documents: { list: () => [], onChange: () => {} } },
    })
  );

/** The document, from a server that isn't listening. @returns {Promise<{ components: { schemas: Record<string, Field> } }>} */
export async function openapiDocument() {
  const { module } = await runnerImport("./src/server/create-server.ts", { configFile: false, logLevel: "error" });
  const { createServer } = /** @type {typeof import("../../src/server/create-server.ts")} */ (module);
  const { module: pipeline } = await runnerImport("./src/pipeline/registry.ts", { configFile: false, logLevel: "error" });
  const { PipelineRegistry } = /** @type {typeof import("../../src/pipeline/registry.ts")} */ (pipeline);
  const { app } = await createServer(engineWith(new PipelineRegistry()));
  const response = await app.inject("/openapi.json");
  await app.close();
  return response.json();
}

/**
 * A page with up-to-date tables of fields, each between two markers that name its schema.
 *
 * @param {Record<string, Field>} schemas
 * @param {string} page
 * @param {string[]} problems collects error messages
 */
export function withFieldTables(schemas, page, problems) {
  return page.replace(
    /(<!-- fields of (\w+): made by scripts\/generate.mjs -->\n)[\s\S]*?(<!-- end of fields -->)/g,
    (all, begin, name, end) => {
      const schema = schemas[name];
      if (schema !== undefined) return `${begin}\n${fieldTable(schema)}\n${end}`;
      problems.push(`A table of fields names the schema ${name}, which doesn't exist.`);
      return all;
    },
  );
}

/** @param {Field} schema */
function fieldTable({ properties = {}, required = [] }) {
  const rows = Object.entries(properties).map(([name, field]) => {
    const cells = [`\`${name}\``, `${kindOf(field)}${required.includes(name) ? ", required" : ""}`, field.description ?? ""];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return `| field | type | |\n| --- | --- | --- |\n${lines(rows)}`;
}

/** @param {Field} field @returns {string} */
function kindOf({ type = "", anyOf, maxLength }) {
  if (anyOf !== undefined) return [...new Set(anyOf.map(kindOf))].join(" or ");
  const name = { string: "text", integer: "whole number", boolean: "true or false", array: "list" }[type] ?? type;
  return maxLength === undefined ? name : `${name} of at most ${maxLength} characters`;
}
