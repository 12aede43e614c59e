// @ts-check
// The generated table of metrics.
import { readFile } from "node:fs/promises";
import { definitionsOf } from "./definitions.mjs";
import { entry, filesUnder, HEADER, kebab, lines } from "./files.mjs";

/** @typedef {import("./definitions.mjs").Definition & { name: string, path: string }} MetricSource */

/**
 * All metrics in src/metrics/<name>.ts, by name.
 *
 * @param {string[]} problems collects error messages
 * @returns {Promise<MetricSource[]>}
 */
export async function findMetrics(problems) {
  /** @type {MetricSource[]} */
  const metrics = [];
  for (const path of await filesUnder("src/metrics")) {
    const [, file] = /^src\/metrics\/([^/]+)\.ts$/.exec(path) ?? [];
    for (const definition of definitionsOf(path, await readFile(path, "utf8"), "defineMetric")) {
      const { name } = definition.fields;
      if (name !== file || kebab(definition.constant) !== file)
        problems.push(`${path}: file, constant and name must match, but are ${file}, ${definition.constant}, ${name}.`);
      if (definition.documentation.text === "") problems.push(`${path}: ${definition.constant} has no documentation comment.`);
      metrics.push({ ...definition, name, path });
    }
  }
  return metrics.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param {readonly MetricSource[]} metrics */
export function metricsFile(metrics) {
  const names = metrics.map(({ constant }) => constant).join(", ");
  return `${HEADER}${lines(metrics.map(({ constant, name }) => `import { ${constant} } from "./${name}.ts";`))}
export { ${names} };

/** Every metric, by its name. */
export const metrics = {
${lines(metrics.map(entry))}} as const;
`;
}
