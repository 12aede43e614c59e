// @ts-check
// Writes every generated file: the tables of models, metrics, commands, routes and kinds (sources, scorers, diversity, exploration), types, pages of
// the documentation, the OpenAPI document and the compiled kernels. It validates first: if a definition is wrong, it prints the problems and writes
// nothing. With --check, it writes nothing and fails if a committed file is out of date.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { command } from "./command.mjs";
import { commandsFile, findCommands } from "./generate/commands.mjs";
import { filesUnder } from "./generate/files.mjs";
import { findKinds, kindsFile } from "./generate/kinds.mjs";
import { findMetrics, metricsFile } from "./generate/metrics.mjs";
import { documentationFile, findModels, indexFile, registryFile } from "./generate/models.mjs";
import { openapiDocument, withFieldTables } from "./generate/openapi.mjs";
import { modelPages, readmeWithModels } from "./generate/pages.mjs";
import { recommenderPage, recommenderSchema, typesFile } from "./generate/recommender.mjs";
import { findRoutes, routesFile } from "./generate/routes.mjs";

process.chdir(new URL("..", import.meta.url).pathname);
const check = process.argv.includes("--check");

/** @type {string[]} */
const problems = [];
const models = await findModels(problems);
const metrics = await findMetrics(problems);
const commands = await findCommands(problems);
const routes = await findRoutes(problems);
const kinds = await findKinds(problems);
// Don't write tables from invalid definitions: they would break the code that loads them.
if (problems.length > 0) {
  for (const problem of problems) console.error(problem);
  console.error("No files were written.");
  process.exit(1);
}

/** @param {Iterable<[path: string, text: string]>} files */
async function write(files) {
  for (const [path, text] of files) {
    if ((await readFile(path, "utf8").catch(() => undefined)) === text) continue;
    if (check) problems.push(`${path} is out of date. Run npm run generate.`);
    else {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      console.log(`wrote ${path}`);
    }
  }
}

await write([
  ["src/models/registry.gen.ts", registryFile(models)],
  ["src/models/index.gen.ts", indexFile(models)],
  ["src/models/documentation.gen.ts", documentationFile(models)],
  ["src/metrics/index.gen.ts", metricsFile(metrics)],
  ["src/cli/commands.gen.ts", commandsFile(commands)],
  ["src/server/routes.gen.ts", routesFile(routes)],
  ["src/pipeline/registry.gen.ts", kindsFile(kinds)],
  ["README.md", readmeWithModels(models, await readFile("README.md", "utf8"))],
]);
// Pages and types show values of the running code, which loads the tables above, so those must be up to date.
if (problems.length === 0) {
  const schema = await recommenderSchema();
  await write([
    ["src/pipeline/recommender.gen.ts", typesFile(schema)],
    ["docs/recommender-fields.md", recommenderPage(schema)],
  ]);
  const pages = await modelPages(models, problems);
  await write(pages);
  for (const page of await filesUnder("docs/models", ".md")) if (!pages.has(page)) problems.push(`${page} belongs to no model. Delete it.`);
}
// The server also loads the tables.
if (problems.length === 0) {
  const document = await openapiDocument();
  const { schemas } = document.components;
  await write([
    ["docs/openapi.json", `${JSON.stringify(document, undefined, 2)}\n`],
    ["docs/http-api.md", withFieldTables(schemas, await readFile("docs/http-api.md", "utf8"), problems)],
  ]);
}
const compilers = process.argv.includes("--no-kernels") ? [] : ["scripts/build-kernels.mjs", "scripts/build-delimited-rows.mjs"];
for (const script of compilers) command(process.execPath, [script, ...(check ? ["--check"] : [])]);

for (const problem of problems) console.error(problem);
console.log(
  `${models.length} models, ${metrics.length} metrics, ${kinds.length} kinds, ${commands.length} commands, ${routes.length} files of routes`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
