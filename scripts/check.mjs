// @ts-check
// npm run check: all checks that don't run the tests. Runs every step, then lists those that failed.
import { spawnSync } from "node:child_process";

process.chdir(new URL("..", import.meta.url).pathname);

/** @type {readonly [name: string, ...command: string[]][]} */
const steps = [
  ["types", "tsc", "-p", "tsconfig.json"],
  ["types, TypeScript 7", "tsgo", "-p", "tsconfig.json"],
  ["extract the examples", "node", "scripts/examples.mjs"],
  ["types of the examples", "tsc", "-p", "tsconfig.examples.json"],
  ["lint and format", "biome", "check", "--colors=off", "--max-diagnostics=50", "."],
  ["import layers", "node", "scripts/layers.mjs"],
  ["unused code", "knip"],
  ["generated files", "node", "scripts/generate.mjs", "--check"],
  ["package-lock.json", "node", "scripts/lock.mjs", "--check"],
  ["package contents", "node", "scripts/check-package.mjs"],
];

/** @type {string[]} */
const failed = [];
for (const [name, command, ...args] of steps) {
  const started = performance.now();
  const file = command === "node" ? process.execPath : `node_modules/.bin/${command}`;
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: "utf8" });
  console.log(`${status === 0 ? "ok    " : "FAILED"}  ${name}  (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (status === 0) continue;
  failed.push(name);
  console.log(`${stdout}${stderr}`.trimEnd());
}
console.log(
  failed.length === 0 ? `All ${steps.length} checks passed.` : `${failed.length} of ${steps.length} checks failed: ${failed.join("; ")}.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
