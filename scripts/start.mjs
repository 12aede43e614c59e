// @ts-check
// npm start: builds where nothing is built yet or a source is newer than the build, then runs the demonstration; `npm start -- --seconds 20`
// ends it by itself. npm run tour (this with the argument `tour`) shows the library alone.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

process.chdir(new URL("..", import.meta.url).pathname);

/** @param {string} folder */
async function newest(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const times = entries.filter((entry) => entry.isFile()).map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs);
  return Math.max(...(await Promise.all(times)));
}

const built = await stat("dist/demo/main.js").then(
  ({ mtimeMs }) => mtimeMs,
  () => 0,
);
if (built < (await newest("src"))) {
  console.error("Building …");
  await import("./build.mjs");
}
await import(new URL("../dist/demo/main.js", import.meta.url).href);
