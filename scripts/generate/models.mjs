// @ts-check
// The generated tables of models: the registry, the re-exports and the documentation. A file in src/models/<family>/ is registered automatically.
import { readFile } from "node:fs/promises";
import { definitionsOf } from "./definitions.mjs";
import { entry, filesUnder, HEADER, kebab, lines } from "./files.mjs";

/** @typedef {import("./definitions.mjs").Definition & { name: string, path: string }} ModelSource */

/**
 * All models in src/models/<family>/<name>.ts, by name.
 *
 * @param {string[]} problems collects error messages
 * @returns {Promise<ModelSource[]>}
 */
export async function findModels(problems) {
  /** @type {ModelSource[]} */
  const models = [];
  for (const path of await filesUnder("src/models")) {
    const [, family, name] = /^src\/models\/([^/]+)\/([^/]+)\.ts$/.exec(path) ?? [];
    if (name === undefined) continue;
    for (const definition of definitionsOf(path, await readFile(path, "utf8"), "defineModel")) {
      const { fields, constant, documentation, options } = definition;
      if (fields.name !== name || kebab(constant) !== name)
        problems.push(`${path}: file, constant and name must match, but are ${name}, ${constant}, ${fields.name}.`);
      if (fields.family !== family) problems.push(`${path}: the family is ${fields.family}, but the folder is ${family}.`);
      if (documentation.text === "") problems.push(`${path}: ${constant} has no documentation comment.`);
      for (const [option, text] of Object.entries(options))
        if (text === "") problems.push(`${path}: the option ${option} has no documentation comment.`);
      models.push({ ...definition, name: fields.name ?? name, path });
    }
  }
  return models.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param {readonly ModelSource[]} models */
export function registryFile(models) {
  return `${HEADER}import type { ModelFactory } from "../model/define-model.ts";
${lines(models.map((model) => `import ${from(model)}`).sort())}
/** Every model, by its name. */
export const registry: Readonly<Record<string, ModelFactory>> = {
${lines(models.map(entry))}};
`;
}

/** @param {readonly ModelSource[]} models */
export function indexFile(models) {
  return `${HEADER}${lines(models.map((model) => `export ${from(model)}`).sort())}export { registry } from "./registry.gen.ts";
`;
}

/** @param {readonly ModelSource[]} models */
export function documentationFile(models) {
  const table = Object.fromEntries(models.map(({ name, documentation: { summary, text }, options }) => [name, { summary, text, options }]));
  return `${HEADER}/** What the documentation comment of a model and of its options says. Texts are Markdown. */
export interface ModelDocumentation {
  /** First sentence. */
  readonly summary: string;
  readonly text: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Documentation of every model, by its name. */
export const documentation: Readonly<Record<string, ModelDocumentation>> = ${JSON.stringify(table, null, 2)};
`;
}

/** @param {ModelSource} model */
function from({ constant, path }) {
  return `{ ${constant} } from "${path.replace("src/models/", "./")}";`;
}
