// @ts-check
// Gorse, the rival, built with Go from its module and run with its embedded stores. Gorse answers known users from precomputed lists, and computes
// session answers per request. RecoBase computes every answer per request.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const VERSION = "v0.4.15";
const MODULE = "github.com/zhenghaoz/gorse";

/** Builds Gorse once, with its own go.mod, so that its dependencies are those it was released with. @param {string} cache */
function build(cache) {
  const program = join(cache, `gorse-in-one-${VERSION}`);
  if (existsSync(program)) return program;
  const folder = join(cache, "gorse-build");
  mkdirSync(folder, { recursive: true });
  const environment = { ...process.env, GOFLAGS: "-mod=mod" };
  const { Dir: source } = JSON.parse(
    execFileSync("go", ["mod", "download", "-json", `${MODULE}@${VERSION}`], { encoding: "utf8", env: environment }),
  );
  const mod = readFileSync(join(source, "go.mod"), "utf8");
  writeFileSync(
    join(folder, "go.mod"),
    mod.replace(/^module .*/, "module bench").replace("require (", `require (\n\t${MODULE} ${VERSION}`),
  );
  cpSync(join(source, "go.sum"), join(folder, "go.sum"));
  execFileSync("go", ["build", "-o", program, `${MODULE}/cmd/gorse-in-one`], { cwd: folder, env: environment, stdio: "inherit" });
  return program;
}

/** @param {string} folder @param {number} port */
function configuration(folder, port) {
  return `
[database]
data_store = "sqlite://${folder}/data.db"
cache_store = "sqlite://${folder}/cache.db"
[master]
port = ${port + 1}
host = "127.0.0.1"
http_port = ${port}
http_host = "127.0.0.1"
n_jobs = 2
[recommend]
cache_size = 100
[recommend.data_source]
positive_feedback_types = ["purchase", "cart"]
read_feedback_types = ["view"]
[recommend.collaborative]
model_fit_period = "60m"
model_search_period = "360m"
[recommend.offline]
enable_latest_recommend = false
enable_popular_recommend = true
enable_item_based_recommend = true
enable_collaborative_recommend = true
enable_click_through_prediction = false
[recommend.online]
fallback_recommend = ["item_based", "popular"]
`;
}

/**
 * Starts Gorse in an empty folder.
 *
 * @param {{ cache: string, folder: string, port: number }} options
 */
export async function startGorse({ cache, folder, port }) {
  const program = build(cache);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.toml"), configuration(folder, port));
  const child = spawn(
    program,
    ["-c", "config.toml", "--cache-path", join(folder, "one.data"), "--log-path", join(folder, "log"), "--recommend-jobs", "2"],
    { cwd: folder, stdio: "ignore" },
  );
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    const ready = await fetch(`${url}/api/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) break;
    if (attempt > 300 || child.exitCode !== null) throw new Error(`Gorse did not start; see ${folder}/log`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  /** @param {string} method @param {string} path @param {unknown} body */
  const send = async (method, path, body) => {
    const response = await fetch(`${url}/api/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`Gorse: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return { url, pid: child.pid ?? 0, log: join(folder, "log"), send, stop: () => void child.kill("SIGKILL") };
}
