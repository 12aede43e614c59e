// @ts-check
// Compiles rooms of src for tests that start processes: Node 20 runs no TypeScript.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformWithOxc } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Writes rooms as JavaScript into a folder of this process, inside the repository so that packages are found.
 *
 * @param {readonly string[]} rooms folders of src, all that they import included; "." for everything
 * @returns {Promise<{ folder: string, remove: () => void }>} the rooms lie in `folder`
 */
export async function compiled(rooms) {
  const folder = join(root, ".cache", `compiled-${process.pid}-${Math.random().toString(36).slice(2)}`);
  for (const room of rooms)
    for (const path of readdirSync(join(root, "src", room), { recursive: true, encoding: "utf8" })) {
      const source = join(root, "src", room, path);
      const target = join(folder, room, path);
      // AssemblyScript has a compiler of its own.
      const isAssembly = join(room, path).startsWith(join("kernel", "assembly"));
      if (!/\.(ts|js)$/.test(path) || path.endsWith(".test.ts") || isAssembly) continue;
      mkdirSync(dirname(target), { recursive: true });
      if (path.endsWith(".js")) copyFileSync(source, target);
      else {
        const typescript = /** @type {const} */ ({ rewriteImportExtensions: "rewrite", onlyRemoveTypeImports: true });
        const { code } = await transformWithOxc(readFileSync(source, "utf8"), path, { sourcemap: false, typescript });
        writeFileSync(target.replace(/\.ts$/, ".js"), code);
      }
    }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
