// @ts-check
// Starts the built server in an empty folder, as an operator would.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const configuration = { events: { view: 1, cart: 3, purchase: 5 }, objective: "purchase", limits: { requestsPerMinute: 0 } };

/** @param {{ folder: string, training?: object }} options */
export async function startOurs({ folder, training = {} }) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "recobase.config.mjs"), `export default ${JSON.stringify({ ...configuration, training })};\n`);
  const child = spawn(process.execPath, [main, "serve", "--port", "0", "--log", "error"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  for await (const chunk of child.stdout) {
    output += chunk;
    if (output.includes("Ctrl-C")) break;
  }
  const url = /http:\/\/[\d.]+:\d+/.exec(output)?.[0];
  const key = /rb_admin_\S+/.exec(output)?.[0] ?? process.env.RECOBASE_KEY;
  if (url === undefined || key === undefined) throw new Error(`The server did not start:\n${output}`);
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  /** @param {string} method @param {string} path @param {unknown} [body] */
  const send = async (method, path, body) => {
    const response = await fetch(`${url}/v1/${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    url,
    key,
    headers,
    pid: child.pid ?? 0,
    send,
    stop: () => new Promise((done) => child.once("exit", done) && child.kill("SIGTERM")),
  };
}
