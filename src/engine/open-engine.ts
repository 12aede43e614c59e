import type { AnySourceDefinition } from "../pipeline/define-source.ts";
import { PipelineRegistry } from "../pipeline/registry.ts";
import { openStorage } from "../store/open-storage.ts";
import { openStore } from "../store/open-store.ts";
import type { Storage } from "../store/storage.ts";
import type { Store } from "../store/store.ts";
import { RecoError } from "../util/errors.ts";
import { checkConfig } from "./config/check-config.ts";
import { resolveProject, type ServerConfig } from "./config/config.ts";
import type { Engine, ProjectEngine } from "./engine.ts";
import { openProject, type ProjectOptions } from "./project-engine.ts";
import type { FitRunner } from "./training/fit-order.ts";
import { loadModelTable, type ModelTable, moduleUrl } from "./training/model-table.ts";

/** The project that always exists. */
const DEFAULT_PROJECT = "default";
/** Milliseconds before retrying to open a project that another server created. */
const FOLLOW_AGAIN = 5000;

export interface OpenEngineOptions {
  /** Your own `Storage`, instead of the place the configuration names. The engine closes it. */
  readonly storage?: Storage;
  /**
   * Modules that export your own models, made with `defineModel`: `new URL("./my-model.ts", import.meta.url)`. They can be trained, served
   * and loaded by name. You pass a module instead of a function because fits run in a separate thread, which imports it again.
   */
  readonly models?: readonly (string | URL)[];
  /** Runs fits elsewhere: in another process, or on another machine. By default they run in a thread of this process. */
  readonly fitRunner?: FitRunner;
  /** Called with messages for the operator: a source fails to learn, a model file is damaged. */
  readonly log?: (message: string) => void;
  /** Your own kinds of sources, made with `defineSource`. Recommenders refer to them by kind, over HTTP too. */
  readonly sources?: readonly AnySourceDefinition[];
}

/**
 * Opens the store that a configuration names, with everything behind the server. Creates the projects that the configuration lists if they
 * are missing, and `default` if there are none.
 *
 * @throws RecoError `bad-config`; `in-use`, `storage-failed` or `bad-data` if the store can't be opened
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
  const { storage, models: modules = [], sources, fitRunner, log = () => {} } = options;
  let models: ModelTable;
  let kinds: PipelineRegistry;
  try {
    kinds = new PipelineRegistry({ sources });
    models = await loadModelTable(modules);
    checkConfig(config, { kinds, models });
  } catch (error) {
    await storage?.close();
    throw error;
  }
  const store = await openStore(storage ?? (await openStorage(config.store ?? "recobase.db")));
  const engine = new OpenEngine(store, config, { log, kinds, loadable: { models, modules: modules.map(moduleUrl) }, fitRunner });
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
  readonly registry: PipelineRegistry;
  readonly #options: Omit<ProjectOptions, "skew">;
  readonly #projects = new Map<string, ProjectEngine>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  /** Projects are opened and closed one at a time. */
  #busy: Promise<unknown> = Promise.resolve();

  constructor(store: Store, config: ServerConfig, options: Omit<ProjectOptions, "skew">) {
    this.store = store;
    this.config = config;
    this.registry = options.kinds;
    this.#options = options;
  }

  async open(): Promise<void> {
    const named = Object.keys(this.config.projects ?? {});
    for (const name of this.store.projects().length === 0 ? [DEFAULT_PROJECT, ...named] : named) await this.#ensure(name);
    for (const name of this.store.projects()) await this.#open(name);
    this.store.onForeignProjects?.(() => this.#followSoon());
    // Changes by other servers before the listener was added were not reported.
    if (this.store.onForeignProjects !== undefined) this.#followSoon();
  }

  project(name: string): ProjectEngine {
    const store = this.store.project(name);
    const project = this.#projects.get(name);
    if (project?.store === store) return project;
    throw new RecoError("unknown-project", `The project "${name}" is still being opened. Try again in a second.`);
  }

  createProject(name: string): Promise<ProjectEngine> {
    return this.#alone(async () => {
      await this.store.createProject(name);
      try {
        return await this.#open(name);
      } catch (error) {
        // The configuration doesn't fit the project: undo everything.
        await this.store.deleteProject(name);
        throw error;
      }
    });
  }

  deleteProject(name: string): Promise<void> {
    return this.#alone(async () => {
      const project = this.project(name);
      this.#projects.delete(name);
      await project.close();
      try {
        await this.store.deleteProject(name);
      } catch (error) {
        // The write failed: keep the project open.
        if (this.store.projects().includes(name)) await this.#open(name);
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#busy;
    await Promise.all([...this.#projects.values()].map((project) => project.close()));
    await this.store.close();
  }

  async #ensure(name: string): Promise<void> {
    if (this.store.projects().includes(name)) return;
    try {
      await this.store.createProject(name);
    } catch (error) {
      // Another server has just created it; this one will see it shortly.
      if (!(error instanceof RecoError && error.code === "conflict")) throw error;
      while (!this.store.projects().includes(name)) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #open(name: string): Promise<ProjectEngine> {
    const skew = (this.config.limits?.clockSkewSeconds ?? 300) * 1000;
    const log = (message: string) => this.#options.log(`${name}: ${message}`);
    const project = await openProject(this.store.project(name), resolveProject(this.config, name), { ...this.#options, skew, log });
    this.#projects.set(name, project);
    return project;
  }

  #followSoon(): void {
    if (this.#closed) return;
    this.#alone(() => this.#follow()).catch((error: unknown) => {
      this.#options.log(`Could not apply another server's changes to projects: ${error instanceof Error ? error.message : error}`);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#followSoon(), FOLLOW_AGAIN).unref();
    });
  }

  /** Opens projects that other servers created, and closes those they deleted or recreated. */
  async #follow(): Promise<void> {
    if (this.#closed) return;
    const there = new Set(this.store.projects());
    for (const [name, project] of this.#projects) {
      if (there.has(name) && this.store.project(name) === project.store) continue;
      this.#projects.delete(name);
      await project
        .close()
        .catch((error: unknown) => this.#options.log(`${name}: Could not close the project after another server deleted it: ${error}`));
    }
    for (const name of there) if (!this.#projects.has(name)) await this.#open(name);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(work);
    this.#busy = result.catch(() => {});
    return result;
  }
}
