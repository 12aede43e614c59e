import { openStorage } from "../store/open-storage.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { RecoError } from "../util/errors.ts";
import { checkConfig } from "./check-config.ts";
import type { ServerConfig } from "./config.ts";
import type { Engine, ProjectEngine } from "./engine.ts";
import { openProject } from "./project-engine.ts";
import { resolveProject } from "./resolve-project.ts";

/** The project that is there without being made. */
const DEFAULT_PROJECT = "default";

export interface OpenEngineOptions {
  /** Told what the operator should know: a source that fails to learn, a damaged model. */
  readonly log?: (message: string) => void;
}

/**
 * Opens the store that a configuration names, with everything behind the server: all its projects, and `default` where there is none.
 *
 * @throws RecoError `bad-config`; `in-use`, `storage-failed` or `bad-data` where the store cannot be opened
 * @example
 * ```ts
 * import { openEngine } from "recobase/engine";
 *
 * const engine = await openEngine({ store: "memory" });
 * const project = engine.project("default");
 * await project.ingest([{ user: "ann", item: "alien", type: "view", time: Date.now() }]);
 * const { items } = await project.recommend("popular", { user: "bob", k: 3 });
 * items[0].item; // "alien"
 * await engine.close();
 * ```
 */
export async function openEngine(config: ServerConfig = {}, options: OpenEngineOptions = {}): Promise<Engine> {
  checkConfig(config);
  const store = await openStore(await openStorage(config.store ?? "recobase.db"));
  const engine = new OpenEngine(store, config, options.log ?? (() => {}));
  try {
    await engine.open();
  } catch (error) {
    await engine.close();
    throw error;
  }
  return engine;
}

class OpenEngine implements Engine {
  readonly store: Store;
  readonly config: ServerConfig;
  readonly #log: (message: string) => void;
  readonly #projects = new Map<string, ProjectEngine>();

  constructor(store: Store, config: ServerConfig, log: (message: string) => void) {
    this.store = store;
    this.config = config;
    this.#log = log;
  }

  async open(): Promise<void> {
    if (this.store.projects().length === 0) await this.store.createProject(DEFAULT_PROJECT);
    for (const name of this.store.projects()) await this.#open(name);
  }

  project(name: string): ProjectEngine {
    const project = this.#projects.get(name);
    if (project === undefined) throw new RecoError("unknown-project", `There is no project ${JSON.stringify(name)}.`);
    return project;
  }

  async createProject(name: string): Promise<ProjectEngine> {
    await this.store.createProject(name);
    return this.#open(name);
  }

  async deleteProject(name: string): Promise<void> {
    const project = this.project(name);
    this.#projects.delete(name);
    await project.close();
    await this.store.deleteProject(name);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#projects.values()].map((project) => project.close()));
    await this.store.close();
  }

  async #open(name: string): Promise<ProjectEngine> {
    const skew = (this.config.limits?.clockSkewSeconds ?? 300) * 1000;
    const log = (message: string) => this.#log(`${name}: ${message}`);
    const project = await openProject(this.store.project(name), resolveProject(this.config, name), { skew, log });
    this.#projects.set(name, project);
    return project;
  }
}
