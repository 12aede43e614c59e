// @ts-check
// Imports go one way. A room (a folder of src) may import itself and the rooms below it; rooms on the same floor don't import each other.
//
// Why: you can read, test and change a room without knowing the rooms above it, and no cycle can form. `import type` and `import()` count too. Tests
// may import anything.
//
// Within a room, no two files import each other, directly or through others, so you can read, test and move each without the other.
//
// Everything that `import "recobase"` loads must load in a browser: import Node's modules inside the functions that need them.
import { readFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import { filesUnder } from "./generate/files.mjs";
import { importsOf } from "./imports.mjs";

/** From the ground up. `index` is src/index.ts. */
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
 * Error messages for the imports of one file.
 *
 * @param {string} path from the root of the repository, `src/…`
 * @param {string} text
 */
export function violations(path, text) {
  const room = roomOf(path);
  if (floorOf(room) < 0) return [`${path}: the room ${room} has no floor. Add it to floors in scripts/layers.mjs: ${plan}.`];
  return importsOf(path, text).flatMap(({ specifier, line }) => {
    if (!specifier.startsWith(".")) return [];
    const target = roomOf(normalize(join(dirname(path), specifier)));
    if (target === room || (floorOf(target) >= 0 && floorOf(target) < floorOf(room))) return [];
    return [`${path}:${line}: ${room} may not import ${target} (${specifier}). Imports, including types, go from right to left: ${plan}.`];
  });
}

/**
 * The import cycles between files, each once, as a list of paths. For every import that is part of a cycle and not yet covered, this finds the
 * shortest cycle through it. Types and `import()` count.
 *
 * @param {ReadonlyMap<string, readonly string[]>} imports files, and the files that each imports
 * @returns {string[][]} each starts with its smallest path, which isn't repeated at the end
 */
export function importCycles(imports) {
  /** @type {Map<string, string[]>} */
  const cycles = new Map();
  /** @type {Set<string>} */
  const shown = new Set();
  for (const [from, targets] of imports)
    for (const to of targets) {
      if (shown.has(`${from} ${to}`)) continue;
      const back = shortestPath(to, from, imports);
      if (back === undefined) continue;
      const start = back.indexOf([...back].sort()[0]);
      const cycle = [...back.slice(start), ...back.slice(0, start)];
      cycles.set(cycle.join(" "), cycle);
      cycle.forEach((path, i) => {
        shown.add(`${path} ${cycle[(i + 1) % cycle.length]}`);
      });
    }
  return [...cycles.values()];
}

/**
 * @param {string} from
 * @param {string} to
 * @param {ReadonlyMap<string, readonly string[]>} imports
 * @returns {string[] | undefined} including both ends
 */
function shortestPath(from, to, imports) {
  /** @type {Map<string, string | undefined>} */
  const before = new Map([[from, undefined]]);
  for (const path of before.keys()) {
    if (path === to) {
      const steps = [];
      for (let at = /** @type {string | undefined} */ (to); at !== undefined; at = before.get(at)) steps.unshift(at);
      return steps;
    }
    for (const next of imports.get(path) ?? []) if (!before.has(next)) before.set(next, path);
  }
  return undefined;
}

/** @param {ReadonlyMap<string, string>} sources text by path, without tests */
export function cycleProblems(sources) {
  const imports = new Map(
    [...sources].map(([path, text]) => [
      path,
      importsOf(path, text).flatMap(({ specifier }) => (specifier.startsWith(".") ? [normalize(join(dirname(path), specifier))] : [])),
    ]),
  );
  return importCycles(imports).map(
    (cycle) =>
      `These files import each other: ${[...cycle, cycle[0]].join(" -> ")}. Move what they share into a file that imports neither.`,
  );
}

/**
 * The static imports reachable from an entry point that browsers can't resolve: everything but relative paths.
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
          `${path}:${line}: browsers cannot load "${specifier}", and ${entry} imports this file. Import it inside the function that needs it.`,
        );
    }
  return problems;
}

/** Error messages for all sources. */
export async function layerProblems() {
  const paths = await filesUnder("src");
  const sources = new Map(await Promise.all(paths.map(async (path) => /** @type {const} */ ([path, await readFile(path, "utf8")]))));
  const upwards = [...sources].flatMap(([path, text]) => violations(path, text));
  return [...upwards, ...cycleProblems(sources), ...(await browserProblems("src/index.ts"))];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const problems = await layerProblems();
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
