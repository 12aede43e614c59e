// @ts-check
// The generated table of HTTP routes. A file in src/server/routes is registered automatically.
import { readFile } from "node:fs/promises";
import ts from "typescript";
import { filesUnder, HEADER, lines } from "./files.mjs";

/**
 * Names of the files in src/server/routes that define routes, sorted.
 *
 * @param {string[]} problems collects error messages
 * @returns {Promise<string[]>}
 */
export async function findRoutes(problems) {
  const paths = await filesUnder("src/server/routes");
  const found = await Promise.all(paths.map(async (path) => routesOf(path, await readFile(path, "utf8"), problems)));
  /** @type {Map<string, string>} */
  const owners = new Map();
  for (const [i, operations] of found.entries())
    for (const operation of operations ?? []) {
      const other = owners.get(operation);
      if (other !== undefined) problems.push(`${paths[i]}: the operationId "${operation}" is already used in ${other}. Choose another.`);
      owners.set(operation, paths[i]);
    }
  return paths.filter((_, i) => found[i] !== undefined).map((path) => path.replace(/^.*\/|\.ts$/g, ""));
}

/**
 * @param {string} path
 * @param {string} text
 * @param {string[]} problems
 * @returns {string[] | undefined} the ids of its operations
 */
export function routesOf(path, text, problems) {
  if (!/^src\/server\/routes\/[a-z0-9-]+\.ts$/.test(path)) {
    problems.push(`${path}: put files with routes directly into src/server/routes, with a kebab-case name.`);
    return undefined;
  }
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const exported = source.statements.find((statement) => ts.isExportAssignment(statement));
  const call = exported && ts.isExportAssignment(exported) ? exported.expression : undefined;
  if (call === undefined || !ts.isCallExpression(call) || call.expression.getText() !== "defineRoutes") {
    problems.push(`${path}: no routes found. Add "export default defineRoutes((app) => { … })", or move the file out of routes/.`);
    return undefined;
  }
  const operations = [...text.matchAll(/\boperationId: "(\w+)"/g)].map(([, id]) => id);
  if (operations.length === 0)
    problems.push(`${path}: no operationId found. Each route needs a schema with operationId, tags and summary.`);
  return operations;
}

/** @param {readonly string[]} names */
export function routesFile(names) {
  /** @param {string} name */
  const constant = (name) => `${name.replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase())}Routes`;
  return `${HEADER}import type { Routes } from "./define-routes.ts";
${lines(names.map((name) => `import ${constant(name)} from "./routes/${name}.ts";`))}
/** The routes of every resource, by name. */
export const resources: readonly Routes[] = [
${lines(names.map((name) => `  ${constant(name)},`))}];
`;
}
