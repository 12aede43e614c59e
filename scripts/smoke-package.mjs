// @ts-check
// Installs the packed package into an empty project with install scripts blocked. There, with each Node given, it runs the README's first program,
// imports every entry point and native module, and runs the command line and the server.
//
//     node scripts/smoke-package.mjs [path to a node] …
import { spawn, spawnSync } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "./command.mjs";
import { examplesOf } from "./examples.mjs";

process.chdir(new URL("..", import.meta.url).pathname);
const nodes = process.argv.length > 2 ? process.argv.slice(2) : [process.execPath];
const folder = await mkdtemp(join(tmpdir(), "recobase-smoke-"));
/** @param {string} file @param {readonly string[]} args */
const inside = (file, ...args) => command(file, args, { cwd: folder, capture: true });

try {
  command(process.execPath, ["scripts/build.mjs"]);
  command("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], { capture: true });
  const [tarball] = await readdir(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "first-program", private: true, type: "module" }));
  const install = spawnSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", `./${tarball}`], {
    cwd: folder,
    encoding: "utf8",
  });
  const said = `${install.stdout}${install.stderr}`;
  if (install.status !== 0 || /EBADENGINE|deprecated/.test(said)) throw new Error(`npm install failed or warned:\n${said}`);
  await cp("scripts/examples", folder, { recursive: true });

  // The program is also valid JavaScript, so Node doesn't have to support TypeScript.
  const first = examplesOf("README.md", await readFile("README.md", "utf8")).find(({ text }) => text.includes("loadDataset"));
  await writeFile(join(folder, "first.mjs"), first?.text ?? "");
  await writeFile(
    join(folder, "entry-points.mjs"),
    `import { readFileSync } from "node:fs";
const { exports } = JSON.parse(readFileSync("node_modules/recobase/package.json", "utf8"));
for (const subpath of Object.keys(exports)) if (!subpath.endsWith(".json")) await import(subpath.replace(".", "recobase"));
await import("@duckdb/node-api");
`,
  );
  for (const node of nodes) {
    const recobase = (/** @type {string} */ line) => inside(node, "node_modules/recobase/dist/cli/main.js", ...line.split(" "));
    const version = inside(node, "--version").trim();
    inside(node, "entry-points.mjs");
    const printed = inside(node, "first.mjs");
    if (printed.trim() === "") throw new Error(`The first program printed nothing on Node ${version}.`);
    const listed = recobase("models");
    if (!listed.includes("popularity")) throw new Error(`recobase models does not list popularity on Node ${version}:\n${listed}`);
    recobase("train ratings.csv --model als --out als.safetensors");
    JSON.parse(recobase("recommend als.safetensors --user 42 --json"));
    recobase("init --kind ratings --store shop.db --items title:text --force");
    recobase("import ratings.csv");
    await served(node);
    await rm(join(folder, "shop.db"));
    console.log(`ok    package on Node ${version}`);
    console.log(printed.trimEnd());
  }
} finally {
  await rm(folder, { recursive: true });
}

/** Starts the server on the imported store with a TypeScript configuration, requests a list, and stops it. @param {string} node */
async function served(node) {
  const child = spawn(node, ["node_modules/recobase/dist/cli/main.js", "serve", "--port", "0", "--log", "warn"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    let output = "";
    for await (const chunk of child.stdout) {
      output += chunk;
      if (output.includes("Ctrl-C")) break;
    }
    const [url, key] = [/http:\S+:\d+/, /rb_admin_\S+/].map((pattern) => pattern.exec(output)?.[0]);
    if (!output.includes("recobase.config.ts")) throw new Error(`The server did not load recobase.config.ts:\n${output}`);
    const response = await fetch(`${url}/v1/recommendations/for-you?user=42&k=5`, { headers: { authorization: `Bearer ${key}` } });
    const { items } = await response.json();
    if (items?.length !== 5) throw new Error(`Expected 5 recommendations from the server, got ${response.status} ${JSON.stringify(items)}`);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const code = await ended;
    if (code !== 0) throw new Error(`After SIGTERM, the server exited with code ${code}.`);
  } finally {
    child.kill("SIGKILL");
  }
}
