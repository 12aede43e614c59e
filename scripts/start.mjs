// @ts-check
// npm start: builds if there is no build or a source is newer, then runs the demo. `npm start -- --seconds 20` stops it after 20 seconds.
// npm run tour (this script with the argument `tour`) shows the library without a server.
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
