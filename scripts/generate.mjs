// @ts-check
// Writes every generated file: tables of models and metrics, model pages, the OpenAPI document, compiled kernels. With --check it writes nothing and fails when a
// file is stale, so that what is committed always matches its source.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { command } from "./command.mjs";
import { filesUnder } from "./generate/files.mjs";
import { findMetrics, metricsFile } from "./generate/metrics.mjs";
import { documentationFile, findModels, indexFile, registryFile } from "./generate/models.mjs";
import { openapiDocument, withFieldTables } from "./generate/openapi.mjs";
import { modelPages, readmeWithModels } from "./generate/pages.mjs";

process.chdir(new URL("..", import.meta.url).pathname);
const check = process.argv.includes("--check");

/** @type {string[]} */
const problems = [];
const models = await findModels(problems);
const metrics = await findMetrics(problems);

/** @param {Iterable<[path: string, text: string]>} files */
async function write(files) {
  for (const [path, text] of files) {
    if ((await readFile(path, "utf8").catch(() => undefined)) === text) continue;
    if (check) problems.push(`${path} is stale: run npm run generate.`);
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
  ["README.md", readmeWithModels(models, await readFile("README.md", "utf8"))],
]);
// Pages show the values of the running code, which is loaded through the registry: it has to be right.
if (problems.length === 0) {
  const pages = await modelPages(models, problems);
  await write(pages);
  for (const page of await filesUnder("docs/models", ".md")) if (!pages.has(page)) problems.push(`${page} belongs to no model: remove it.`);
}
// The server loads the registry too.
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
console.log(`${models.length} models, ${metrics.length} metrics`);
process.exitCode = check && problems.length > 0 ? 1 : 0;
