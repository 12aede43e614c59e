// @ts-check
// Compiles rooms of src for tests that start processes: Node 20 cannot run TypeScript.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformWithOxc } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Compiles rooms to JavaScript in a new folder, inside the repository so that imports of packages resolve.
 *
 * @param {readonly string[]} rooms folders of src, including all that they import; "." for everything
 * @returns {Promise<{ folder: string, remove: () => void }>} `folder` contains the rooms
 */
export async function compiled(rooms) {
  const folder = join(root, ".cache", `compiled-${process.pid}-${Math.random().toString(36).slice(2)}`);
  for (const room of rooms)
    for (const path of readdirSync(join(root, "src", room), { recursive: true, encoding: "utf8" })) {
      const source = join(root, "src", room, path);
      const target = join(folder, room, path);
      // AssemblyScript has its own compiler.
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
