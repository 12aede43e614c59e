import { stat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { RecoError } from "../../util/errors.ts";
import { checkConfig, type Nameable } from "./check-config.ts";
import type { ServerConfig } from "./config.ts";

const names = ["recobase.config.ts", "recobase.config.mts", "recobase.config.js", "recobase.config.mjs"];

export interface LoadedConfig {
  /** Checked, with environment variables applied; a store file has an absolute path. */
  readonly config: ServerConfig;
  /** The file it came from; undefined if there was none. */
  readonly path: string | undefined;
}

/**
 * Finds and loads a configuration. `RECOBASE_STORE`, `RECOBASE_PORT` and `RECOBASE_HOST` override the file; `PORT` and `HOST`, which hosts of containers set,
 * apply where neither says otherwise.
 *
 * @param place a configuration file, or a folder with a `recobase.config.ts`, `.mts`, `.js` or `.mjs`; without one, the defaults apply
 * @param nameable what recommenders and `training.models` may name; if omitted, `openEngine` checks them
 * @throws RecoError `not-found` if `place` doesn't exist, `bad-config` if the file can't be loaded or is invalid
 */
export async function loadConfig(
  place: string = process.cwd(),
  environment: Readonly<Record<string, string | undefined>> = process.env,
  nameable?: Nameable,
): Promise<LoadedConfig> {
  const start = resolve(place);
  const found = await stat(start).catch(() => undefined);
  if (found === undefined) throw new RecoError("not-found", `${start} does not exist. Pass a configuration file or the folder it is in.`);
  const path = found.isDirectory() ? await configIn(start) : start;
  const folder = path === undefined ? start : dirname(path);
  const written: unknown = path === undefined ? {} : await importDefault(path);
  checkConfig(written, nameable, path ?? "The configuration");
  const { RECOBASE_STORE: store, RECOBASE_HOST } = environment;
  const host = RECOBASE_HOST || (written.host ?? environment.HOST);
  const port = ["RECOBASE_PORT", ...(written.port === undefined ? ["PORT"] : [])].find((name) => environment[name]);
  const config = {
    ...written,
    store: store ? located(store, process.cwd()) : located(written.store ?? "recobase.db", folder),
    ...(port ? { port: portOf(port, environment[port] ?? "") } : {}),
    ...(host ? { host } : {}),
  };
  return { config, path };
}

async function configIn(folder: string): Promise<string | undefined> {
  for (const name of names) {
    const path = join(folder, name);
    if ((await stat(path).catch(() => undefined))?.isFile()) return path;
  }
  return undefined;
}

/**
 * Uses jiti because Node 20 can't load TypeScript, and so that a configuration can import `recobase/config` without installing anything.
 */
async function importDefault(path: string): Promise<unknown> {
  const { createJiti } = await import("jiti");
  const own = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./config-entry.ts" : "./config-entry.js", import.meta.url));
  const jiti = createJiti(import.meta.url, { fsCache: false, moduleCache: false, alias: { "recobase/config": own } });
  try {
    const loaded = await jiti.import<Record<string, unknown>>(path);
    if ("default" in loaded) return loaded.default;
  } catch (cause) {
    throw new RecoError("bad-config", `Could not load ${path}. ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  throw new RecoError("bad-config", `${path} has no default export. Write \`export default defineConfig({ … })\`.`);
}

function located(store: string, folder: string): string {
  return store === "memory" || /^postgres(ql)?:/.test(store) || isAbsolute(store) ? store : join(folder, store);
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new RecoError("bad-config", `${name} is ${JSON.stringify(text)}; it must be a whole number from 0 to 65535.`);
  return port;
}
