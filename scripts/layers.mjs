// @ts-check
// Imports go one way. A room (a folder of src) may import itself and the rooms below it; rooms on one floor do not import one another.
//
// Why: what stands below can be read, tested and changed without knowing what stands above, and no cycle can form. A type is knowledge of
// a room too, so `import type` counts; so does `import()`. Tests are free: they bring rooms together on purpose.
//
// And: what `import "recobase"` loads must load in a browser. Modules that need Node import it inside the function that needs it.
import { readFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import { filesUnder } from "./generate/files.mjs";
import { importsOf } from "./imports.mjs";

/** From the ground up. `index` is src/index.ts, the table of contents. */
export const floors = [
  ["util"],
  ["kernel"],
  ["data"],
  ["model", "expression"],
  ["models", "metrics", "simulate", "pipeline", "store"],
  ["evaluate"],
  ["engine"],
  ["server"],
  ["cli", "demo", "testing", "index"],
];

const plan = floors.map((rooms) => (rooms.length === 1 ? rooms[0] : `{${rooms.join(", ")}}`)).join(" <- ");

/** @param {string} path under src/ */
function roomOf(path) {
  return path.replace(/^src\//, "").split(/[/.]/)[0];
}

/** @param {string} room */
function floorOf(room) {
  return floors.findIndex((rooms) => rooms.includes(room));
}

/**
 * What the imports of one file break, for people.
 *
 * @param {string} path from the root of the repository, `src/…`
 * @param {string} text
 */
export function violations(path, text) {
  const room = roomOf(path);
  if (floorOf(room) < 0) return [`${path}: the room ${room} has no floor yet. Give it one in scripts/layers.mjs: ${plan}.`];
  return importsOf(path, text).flatMap(({ specifier, line }) => {
    if (!specifier.startsWith(".")) return [];
    const target = roomOf(normalize(join(dirname(path), specifier)));
    if (target === room || (floorOf(target) >= 0 && floorOf(target) < floorOf(room))) return [];
    return [`${path}:${line}: ${room} may not import ${target} (${specifier}). Imports go from right to left in ${plan}; types count.`];
  });
}

/**
 * The static imports, from an entry point on, that no browser has: everything but relative paths.
 *
 * @param {string} entry
 * @param {(path: string) => Promise<string>} read
 */
export async function browserProblems(entry, read = (path) => readFile(path, "utf8")) {
  const seen = new Set([entry]);
  /** @type {string[]} */
  const problems = [];
  for (const path of seen)
    for (const { specifier, line, kind } of importsOf(path, await read(path))) {
      if (kind !== "value") continue;
      if (specifier.startsWith(".")) seen.add(normalize(join(dirname(path), specifier)));
      else
        problems.push(
          `${path}:${line}: a browser cannot load "${specifier}", and ${entry} leads here. Import it inside the function that needs it.`,
        );
    }
  return problems;
}

/** Everything the sources break, for people. */
export async function layerProblems() {
  const found = await Promise.all((await filesUnder("src")).map(async (path) => violations(path, await readFile(path, "utf8"))));
  return [...found.flat(), ...(await browserProblems("src/index.ts"))];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const problems = await layerProblems();
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
