// @ts-check
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** First lines of every generated TypeScript file. */
export const HEADER = "// Made by scripts/generate.mjs. Do not edit.\n\n";

/**
 * All files in a folder, recursively, sorted, except tests, generated files and type declarations.
 *
 * @param {string} folder
 * @param {string} extension
 */
export async function filesUnder(folder, extension = ".ts") {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension) && !/\.(test|gen|d)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * `itemKnn` to `item-knn`, `rp3beta` to `rp3beta`.
 *
 * @param {string} camel
 */
export function kebab(camel) {
  return camel.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * One entry in a table by name: `ease,` or `"item-knn": itemKnn,`.
 *
 * @param {{ name: string, constant: string }} definition
 */
export function entry({ name, constant }) {
  return name === constant ? `  ${name},` : `  "${name}": ${constant},`;
}

/** @param {readonly string[]} texts */
export function lines(texts) {
  return texts.map((text) => `${text}\n`).join("");
}
