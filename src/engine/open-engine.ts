import type { AnySourceDefinition } from "../pipeline/define-source.ts";
import { PipelineRegistry } from "../pipeline/registry.ts";
import { openStorage } from "../store/open-storage.ts";
import { openStore } from "../store/open-store.ts";
import type { Storage } from "../store/storage.ts";
import type { Store } from "../store/store.ts";
import { RecoError } from "../util/errors.ts";
import { checkConfig } from "./config/check-config.ts";
import { checkTrainingModels } from "./config/check-model.ts";
import { resolveProject, type ServerConfig } from "./config/config.ts";
import type { Engine, ProjectEngine } from "./engine.ts";
import { openProject, type ProjectOptions } from "./project-engine.ts";
import type { FitRunner } from "./training/fit-order.ts";
import { loadModelTable, type ModelTable, moduleUrl } from "./training/model-table.ts";

/** The project that is there without being made. */
const DEFAULT_PROJECT = "default";
/** Milliseconds until a project of another server that could not be opened is tried again. */
const FOLLOW_AGAIN = 5000;

export interface OpenEngineOptions {
  /** Where everything is kept, instead of the place that the configuration names: your own `Storage`. The engine closes it. */
  readonly storage?: Storage;
  /**
   * Modules that export models of your own, made with `defineModel`: `new URL("./my-model.ts", import.meta.url)`. They take part in training,
   * serving and loading by their names. A module is passed rather than a function because fits run in a thread, which imports it again;
   * requests are answered meanwhile.
   */
  readonly models?: readonly (string | URL)[];
  /** Runs fits somewhere else: in another process, or on another machine. In a thread of this process when absent. */
  readonly fitRunner?: FitRunner;
  /** Told what the operator should know: a source that fails to learn, a damaged model. */
  readonly log?: (message: string) => void;
  /** Kinds of sources of your own, made with `defineSource`: recommenders name them by their kind, over HTTP too. */
  readonly sources?: readonly AnySourceDefinition[];
}

/**
 * Opens the store that a configuration names, with everything behind the server: all its projects, those that the configuration names
 * (made where they are missing), and `default` where there is none.
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
  const { storage, models: modules = [], sources, fitRunner, log = () => {} } = options;
  let models: ModelTable;
  let kinds: PipelineRegistry;
  try {
    checkConfig(config);
    kinds = new PipelineRegistry({ sources });
    models = await loadModelTable(modules);
    checkTrainingModels(config, models);
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
  /** Projects are opened and closed one after the other. */
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
    // What others made or deleted meanwhile was told to nobody.
    if (this.store.onForeignProjects !== undefined) this.#followSoon();
  }

  project(name: string): ProjectEngine {
    const store = this.store.project(name);
    const project = this.#projects.get(name);
    if (project?.store === store) return project;
    throw new RecoError("unknown-project", `The project "${name}" was made a moment ago and is being opened. Try again in a second.`);
  }

  createProject(name: string): Promise<ProjectEngine> {
    return this.#alone(async () => {
      await this.store.createProject(name);
      try {
        return await this.#open(name);
      } catch (error) {
        // The configuration does not fit it: nothing of it stays.
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
        // The disk refused: the project goes on.
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
      // Another server has just made it, and this one hears of it in a moment.
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
      this.#options.log(`What another server did to the projects could not be followed: ${error instanceof Error ? error.message : error}`);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#followSoon(), FOLLOW_AGAIN).unref();
    });
  }

  /** Opens what others made, and closes what others deleted or made anew. */
  async #follow(): Promise<void> {
    if (this.#closed) return;
    const there = new Set(this.store.projects());
    for (const [name, project] of this.#projects) {
      if (there.has(name) && this.store.project(name) === project.store) continue;
      this.#projects.delete(name);
      await project
        .close()
        .catch((error: unknown) => this.#options.log(`${name}: It was deleted elsewhere, and closing it failed: ${error}`));
    }
    for (const name of there) if (!this.#projects.has(name)) await this.#open(name);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(work);
    this.#busy = result.catch(() => {});
    return result;
  }
}
