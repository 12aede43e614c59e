// @ts-check
// Loads the build in headless Chromium as a page would: ES modules from dist through an import map, without a bundler. Fits every model there and
// compares it bit for bit with the one from this Node process: in a cross-origin isolated page, in a plain page, and without shared memory. Exits
// with 1 if anything differs or fails.
//
//     CHROMIUM=/usr/bin/chromium node scripts/browser-smoke.mjs
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { chromium } from "playwright-core";
import { smoke } from "./smoke/fit.mjs";

const root = new URL("..", import.meta.url);
/** @type {{ exports: Record<string, string | { default: string }> }} */
const { exports } = JSON.parse(await readFile(new URL("package.json", root), "utf8"));
const imports = Object.fromEntries(
  Object.entries(exports).flatMap(([subpath, target]) =>
    typeof target === "string" ? [] : [[subpath.replace(".", "recobase"), target.default.slice(1)]],
  ),
);
const page = `<!doctype html><meta charset="utf-8"><title>RecoBase</title><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script>`;
const types = { ".js": "text/javascript", ".mjs": "text/javascript" };

/** @param {boolean} isolated whether to send the headers that make pages cross-origin isolated, so that they get shared memory */
async function serve(isolated) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (isolated)
      response.setHeaders(
        new Map([
          ["Cross-Origin-Opener-Policy", "same-origin"],
          ["Cross-Origin-Embedder-Policy", "require-corp"],
        ]),
      );
    if (pathname === "/") return response.setHeader("content-type", "text/html").end(page);
    const type = types[/** @type {keyof typeof types} */ (extname(pathname))];
    const body = /^\/(dist|scripts\/smoke)\//.test(pathname)
      ? await readFile(new URL(`.${pathname}`, root)).catch(() => undefined)
      : undefined;
    if (type === undefined || body === undefined) return response.writeHead(404).end();
    return response.setHeader("content-type", type).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/` };
}

/** @type {string[]} */
const problems = [];
const wanted = await smoke();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

/**
 * @param {string} name
 * @param {{ isolated: boolean, memory: boolean }} conditions
 * @param {(found: import("./smoke/fit.mjs").Smoke) => void} judge
 */
async function visit(name, { isolated, memory }, judge) {
  const { server, url } = await serve(isolated);
  const tab = await browser.newPage();
  tab.on("pageerror", (error) => problems.push(`${name}: ${error.message}`));
  tab.on("console", (message) => message.type() === "error" && problems.push(`${name}: ${message.text()}`));
  try {
    if (!memory) await tab.addInitScript(refuseSharedMemory);
    await tab.goto(url);
    const context = await tab.evaluate(
      () => `${globalThis.crossOriginIsolated ? "cross-origin isolated" : "not isolated"}, SharedArrayBuffer ${typeof SharedArrayBuffer}`,
    );
    const found = await tab.evaluate(async (path) => (await import(path)).smoke(), "/scripts/smoke/fit.mjs");
    const times = found.models
      .map((/** @type {import("./smoke/fit.mjs").Fitted} */ fitted) => `${fitted.model} ${Math.round(fitted.milliseconds)} ms`)
      .join(", ");
    console.log(`${name} (${context}): ${found.backend}, ${found.threads === 1 ? "1 thread" : `${found.threads} threads`}; ${times}`);
    judge(found);
  } catch (error) {
    problems.push(`${name}: ${error instanceof Error ? error.message : error}`);
  } finally {
    await tab.close();
    server.close();
  }
}

/** Runs in the page: refuses shared memory, like browsers that reserve it for isolated pages. */
function refuseSharedMemory() {
  WebAssembly.Memory = class extends WebAssembly.Memory {
    /** @param {WebAssembly.MemoryDescriptor} limits */
    constructor(limits) {
      if (limits.shared) throw new TypeError("shared memory needs cross-origin isolation");
      super(limits);
    }
  };
}

/** @param {string} name */
function equal(name) {
  /** @param {import("./smoke/fit.mjs").Smoke} found */
  return (found) => {
    if (found.backend === "reference") problems.push(`${name}: the kernels did not load; the backend is the reference.`);
    if (found.cinema !== wanted.cinema) problems.push(`${name}: the simulated cinema differs from Node's.`);
    for (const [i, { model, checksum }] of wanted.models.entries())
      if (found.models[i]?.checksum !== checksum)
        problems.push(`${name}: the checksum of ${model} is ${found.models[i]?.checksum}; in Node it is ${checksum}.`);
  };
}

/** The reference rounds differently, so its lists may differ where scores nearly tie. @param {import("./smoke/fit.mjs").Smoke} found */
function alike(found) {
  if (found.backend !== "reference") problems.push(`without shared memory: the backend is ${found.backend}, not the reference.`);
  for (const [i, { model, list }] of wanted.models.entries()) {
    const same = list.filter((item) => found.models[i].list.includes(item)).length;
    if (same < 0.8 * list.length)
      problems.push(`without shared memory: only ${same} of ${list.length} recommendations of ${model} are the same as in Node.`);
  }
}

try {
  console.log(`Chromium ${browser.version()}, Node ${process.versions.node}`);
  await visit("isolated page", { isolated: true, memory: true }, equal("isolated page"));
  await visit("plain page", { isolated: false, memory: true }, equal("plain page"));
  await visit("without shared memory", { isolated: false, memory: false }, alike);
} finally {
  await browser.close();
}
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0 ? `All ${wanted.models.length} models are the same in the browser as in Node.` : `${problems.length} problems.`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
