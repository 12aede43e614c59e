// @ts-check
// Checks the package as it would be published: packs it, runs publint and attw on the tarball, and checks that browsers can load the entry point
// and that the right files are included.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "./command.mjs";
import { browserProblems } from "./layers.mjs";

process.chdir(new URL("..", import.meta.url).pathname);
const folder = await mkdtemp(join(tmpdir(), "recobase-pack-"));
try {
  command(process.execPath, ["scripts/build.mjs"]);
  command("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder]);
  const [tarball] = await readdir(folder);
  const path = join(folder, tarball);
  command("node_modules/.bin/publint", ["run", path, "--strict"]);
  command("node_modules/.bin/attw", [path, "--profile", "esm-only"]);

  const problems = await browserProblems("dist/index.js");
  const { exports } = JSON.parse(await readFile("package.json", "utf8"));
  const files = command("tar", ["-tzf", path], { capture: true }).split("\n");
  for (const wanted of ["dist/kernel/worker.js", "dist/kernel/wasm.gen.js", "dist/cli/main.js", "docs/http-api.md", "LICENSE", "README.md"])
    if (!files.includes(`package/${wanted}`)) problems.push(`The package lacks ${wanted}.`);
  for (const file of files)
    if (/\.test\.|assembly|\.ts$/.test(file) && !file.endsWith(".d.ts")) problems.push(`The package should not contain ${file}.`);
  for (const problem of problems) console.error(problem);
  console.log(`${tarball}: ${files.length - 1} files, ${Object.keys(exports).length} entry points`);
  process.exitCode = problems.length > 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true });
}
