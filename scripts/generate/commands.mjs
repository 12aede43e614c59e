// @ts-check
// The generated table of commands. A file in src/cli/commands is registered automatically.
import { readFile } from "node:fs/promises";
import ts from "typescript";
import { filesUnder, HEADER, lines } from "./files.mjs";

/**
 * @typedef {object} CommandSource
 * @property {string} name
 * @property {string} text The fields of the definition that help shows, as TypeScript.
 */

/** The fields that help shows. They must be string literals. */
const shown = ["name", "description", "group", "arguments"];

/**
 * All commands in src/cli/commands/<name>.ts, by name.
 *
 * @param {string[]} problems collects error messages
 * @returns {Promise<CommandSource[]>}
 */
export async function findCommands(problems) {
  const found = await Promise.all(
    (await filesUnder("src/cli/commands")).map(async (path) => commandOf(path, await readFile(path, "utf8"), problems)),
  );
  return found.flatMap((command) => command ?? []);
}

/**
 * @param {string} path
 * @param {string} text
 * @param {string[]} problems
 * @returns {CommandSource | undefined}
 */
export function commandOf(path, text, problems) {
  const file = path.replace(/^.*\/|\.ts$/g, "");
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const exported = source.statements.find((statement) => ts.isExportAssignment(statement));
  const call = exported && ts.isExportAssignment(exported) ? exported.expression : undefined;
  const definition = call && ts.isCallExpression(call) && call.expression.getText() === "defineCommand" ? call.arguments[0] : undefined;
  if (definition === undefined || !ts.isObjectLiteralExpression(definition)) {
    problems.push(`${path}: no command found. Add "export default defineCommand({ … })", or move the file out of commands/.`);
    return undefined;
  }
  /** @type {Map<string, ts.Expression>} */
  const fields = new Map();
  for (const property of definition.properties)
    if (ts.isPropertyAssignment(property) && shown.includes(property.name.getText()))
      fields.set(property.name.getText(), property.initializer);
  for (const field of ["name", "description", "group"]) {
    const value = fields.get(field);
    if (value === undefined || !isText(value) || value.text.trim() === "")
      problems.push(`${path}: the command's ${field} is missing, empty, or not a string literal.`);
    else if (field === "name" && value.text !== file)
      problems.push(`${path}: the command is named "${value.text}", but its file "${file}".`);
  }
  const given = fields.get("arguments");
  if (given !== undefined && !isTable(given)) problems.push(`${path}: write the command's arguments as string literals.`);
  const entries = [...fields].map(([name, value]) => `    ${name}: ${value.getText().replaceAll(/\s*\n\s*/g, " ")},\n`);
  return { name: file, text: entries.join("") };
}

/** @param {ts.Expression} value @returns {value is ts.StringLiteralLike} */
function isText(value) {
  return ts.isStringLiteralLike(value);
}

/** @param {ts.Expression} value */
function isTable(value) {
  return (
    ts.isObjectLiteralExpression(value) &&
    value.properties.every((property) => ts.isPropertyAssignment(property) && isText(property.initializer))
  );
}

/** @param {readonly CommandSource[]} commands */
export function commandsFile(commands) {
  const entries = commands.map(({ name, text }) => `  {\n${text}    load: () => import("./commands/${name}.ts"),\n  },`);
  return `${HEADER}import type { CommandEntry } from "./define-command.ts";

/** Every command, by name. */
export const commands: readonly CommandEntry[] = [
${lines(entries)}];
`;
}
