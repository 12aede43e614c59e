// @ts-check
// The generated page of each model: its comment, its options with defaults and ranges, and its example.
import { runnerImport } from "vite";
import { lines } from "./files.mjs";

/** @typedef {import("../../src/model/options.ts").OptionSpec<unknown>} OptionSpec */
/** @typedef {import("./models.mjs").ModelSource} ModelSource */

/**
 * Pages by path. The registry must be up to date: defaults and ranges come from the running code, so constants and computed values are right.
 *
 * @param {readonly ModelSource[]} models
 * @param {string[]} problems collects error messages
 * @returns {Promise<Map<string, string>>}
 */
export async function modelPages(models, problems) {
  const { module } = await runnerImport("./src/models/registry.gen.ts", { configFile: false, logLevel: "error" });
  const { registry } = /** @type {typeof import("../../src/models/registry.gen.ts")} */ (module);
  /** @type {Map<string, string>} */
  const pages = new Map();
  for (const model of models) {
    const { definition } = registry[model.name];
    for (const option of Object.keys(definition.options))
      if (model.options[option] === undefined)
        problems.push(`${model.path}: the option ${option} has no documentation comment. Add one in this file.`);
    pages.set(`docs/models/${model.name}.md`, pageOf(model, definition));
  }
  pages.set("docs/models/README.md", `<!-- Made by scripts/generate.mjs. Do not edit. -->\n\n# Models\n\n${table(models, "")}`);
  return pages;
}

/**
 * @param {ModelSource} model
 * @param {import("../../src/model/definition.ts").AnyModelDefinition} definition
 */
function pageOf({ name, constant, documentation, options, path }, definition) {
  const specs = /** @type {Record<string, OptionSpec>} */ (definition.options);
  const rows = Object.entries(specs).map(([option, spec]) => {
    const cells = [`\`${option}\``, shown(spec.default), rangeOf(spec), searchOf(spec), options[option] ?? ""];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  const optionTable =
    rows.length === 0 ? "None.\n" : `| option | default | range | search | |\n| --- | --- | --- | --- | --- |\n${lines(rows)}`;
  const examples = documentation.examples.map((example) => `\n## Example\n\n${example}\n`);
  return `<!-- Made by scripts/generate.mjs from ${path}. Do not edit. -->

# ${name}

\`import { ${constant} } from "recobase/models"\` · family ${definition.family} · [source](../../${path})

${documentation.text}

It can: ${capabilities(definition).join(", ")}. It needs: ${definition.needs?.join(", ") ?? "users and items, nothing else"}.

## Options

${optionTable}${examples.join("")}`;
}

/** @param {import("../../src/model/definition.ts").AnyModelDefinition} definition */
function capabilities({ predicts, similar, itemToItem, itemFactors, explain, update, extend }) {
  return [
    "recommend",
    ...(predicts === "rating" ? ["predict ratings"] : []),
    ...(similar || itemToItem || itemFactors ? ["find similar items"] : []),
    ...(explain || itemToItem ? ["explain"] : []),
    ...(update ? ["update without a refit"] : []),
    ...(extend ? ["take in new items by their features"] : []),
  ];
}

/** @param {unknown} value */
function shown(value) {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

/** @param {OptionSpec} spec */
function rangeOf({ type, min, max, values }) {
  if (type === "boolean") return "true, false";
  if (type === "choice") return (values ?? []).map(shown).join(", ");
  const kind = type === "int" ? "whole number" : "number";
  if (min === undefined && max === undefined) return kind;
  return `${kind}, ${min === undefined ? `at most ${max}` : max === undefined ? `at least ${min}` : `${min} to ${max}`}`;
}

/** @param {OptionSpec} spec */
function searchOf({ type, search }) {
  if (search === undefined || type === "boolean" || search.scale === "choice") return "";
  return `${search.from} to ${search.to}${search.scale === "log" ? ", logarithmic" : ""}`;
}

/**
 * The table of all models, with links to their pages.
 *
 * @param {readonly ModelSource[]} models
 * @param {string} folder the folder of the pages, relative to the page with the table
 */
function table(models, folder) {
  const rows = models.map(({ name, fields, documentation }) => {
    const summary = documentation.summary.replaceAll("|", "\\|");
    return `| [${name}](${folder}${name}.md) | ${fields.family} | ${summary} |`;
  });
  return `| model | family | |\n| --- | --- | --- |\n${lines(rows)}`;
}

/**
 * The README with an up-to-date table of models between two markers.
 *
 * @param {readonly ModelSource[]} models
 * @param {string} readme
 */
export function readmeWithModels(models, readme) {
  return readme.replace(/(<!-- models: made by scripts\/generate.mjs -->\n)[\s\S]*?(<!-- end of models -->)/, (_, begin, end) => {
    return `${begin}\n${table(models, "docs/models/")}\n${end}`;
  });
}
