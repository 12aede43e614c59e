import { randomUUID } from "node:crypto";
import { RecoError } from "../util/errors.ts";
import { CommitQueue } from "./commit-queue.ts";
import { openDocuments } from "./documents.ts";
import { openStorage } from "./open-storage.ts";
import type { ProjectDraft } from "./project-draft.ts";
import { ProjectLedger } from "./project-ledger.ts";
import { impressionLogName, StoredProject } from "./project-store.ts";
import type { Storage } from "./storage.ts";
import type { Documents, ProjectStore, Store } from "./store.ts";

/** The storage project for data that belongs to no project. */
const SERVER = ".server";

/**
 * Each project has a document of this kind in {@link SERVER}, so other processes learn of it. Its body differs from that of any earlier
 * project with the same name.
 */
const PROJECT = ".project";

const NAME = /^[a-z0-9_-]{1,64}$/;

/**
 * Opens a store with all its projects, and creates it if it doesn't exist. When it resolves, everything needed to answer reads is in
 * memory.
 *
 * @param location `memory`; `postgres://…`; the path of a SQLite file; or a storage, which the store then closes
 * @throws RecoError `in-use`, `unsupported` or `storage-failed` as for `openStorage`, `bad-data` if something in it is damaged
 *
 * @example
 * ```ts
 * import { checkEvents, openStore } from "recobase/store";
 *
 * const store = await openStore("memory");
 * const shop = await store.createProject("shop");
 * const { valid } = checkEvents([{ user: "ann", item: "tea", type: "view" }], { now: Date.now(), skew: 0 });
 * await shop.append(valid);
 * shop.recent("ann").length; // 1
 * await store.close();
 * ```
 */
export async function openStore(location: string | Storage): Promise<Store> {
  const storage = typeof location === "string" ? await openStorage(location) : location;
  try {
    const store = new OpenStore(storage);
    await store.open();
    return store;
  } catch (error) {
    await storage.close();
    throw error;
  }
}

class OpenStore implements Store {
  readonly documents: Documents;
  readonly backup: Store["backup"];
  readonly onForeignProjects: Store["onForeignProjects"];
  readonly #storage: Storage;
  readonly #server = new ProjectLedger();
  readonly #queue: CommitQueue<ProjectDraft>;
  readonly #projects = new Map<string, { readonly project: StoredProject; readonly stamp: unknown }>();
  readonly #projectListeners: (() => void)[] = [];
  /** Serializes the handling of projects created or deleted by other processes. */
  #following: Promise<void> = Promise.resolve();

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#queue = new CommitQueue(storage, SERVER, this.#server);
    this.documents = openDocuments(this.#server.documents, this.#queue);
    this.onForeignProjects = storage.onForeignCommit && ((listener) => void this.#projectListeners.push(listener));
    if (storage.backup !== undefined)
      this.backup = async (path) => {
        await Promise.all([...this.#projects.values()].map(({ project }) => project.flush()));
        await storage.backup?.(path);
      };
  }

  async open(): Promise<void> {
    await ensure(this.#storage, SERVER);
    await this.#server.replay(this.#storage.changes(SERVER, 0));
    const there = new Set(await this.#storage.projects());
    for (const name of there) {
      if (!NAME.test(name)) continue;
      if (!there.has(impressionLogName(name))) await ensure(this.#storage, impressionLogName(name));
      await this.#open(name, this.#server.documents.get(PROJECT, name));
    }
    this.#server.documents.onChange(PROJECT, (name, stamp) => {
      this.#following = this.#following.then(() => this.#follow(name, stamp)).catch(() => {});
    });
    this.#storage.onForeignCommit?.((name) => {
      const refreshed = name === SERVER ? this.#queue.refresh() : this.#projects.get(name)?.project.refresh();
      // Ignore the error: readers that need fresh data call `refresh` and get it themselves.
      refreshed?.catch(() => {});
    });
  }

  projects(): readonly string[] {
    return [...this.#projects.keys()].sort();
  }

  async createProject(name: string): Promise<ProjectStore> {
    if (!NAME.test(name))
      throw new RecoError("bad-input", `"${name}" is not a valid project name. Use 1 to 64 characters of a-z, 0-9, "-" and "_".`);
    await this.#storage.createProject(name);
    await ensure(this.#storage, impressionLogName(name));
    const stamp = randomUUID();
    const project = await this.#open(name, stamp);
    await this.#queue.submit((draft) => draft.put(PROJECT, name, JSON.stringify(stamp)));
    return project;
  }

  project(name: string): ProjectStore {
    const open = this.#projects.get(name);
    if (open === undefined) throw new RecoError("unknown-project", `There is no project "${name}". Create it, or use an existing one.`);
    return open.project;
  }

  async deleteProject(name: string): Promise<void> {
    this.project(name);
    await this.#queue.submit((draft) => draft.put(PROJECT, name, undefined));
    // Close it the way other processes do, on the news of the deletion.
    await this.#following;
    // Delete impressions first: leftover impressions would show up in a new project with the same name.
    await this.#storage.deleteProject(impressionLogName(name));
    await this.#storage.deleteProject(name);
  }

  bytes(): Promise<number> {
    return this.#storage.size();
  }

  async close(): Promise<void> {
    await this.#following;
    const closed = await Promise.allSettled([...this.#projects.values()].map(({ project }) => project.close()));
    await this.#queue.close();
    await this.#storage.close();
    for (const result of closed) if (result.status === "rejected") throw result.reason;
  }

  async #open(name: string, stamp: unknown): Promise<StoredProject> {
    const project = await StoredProject.open(this.#storage, name);
    this.#projects.set(name, { project, stamp });
    return project;
  }

  /** Handles a project that was created or deleted, here or by another process. */
  async #follow(name: string, stamp: unknown): Promise<void> {
    const open = this.#projects.get(name);
    if (open?.stamp === stamp) return;
    if (open !== undefined && open.stamp === undefined) {
      // It was opened before its creator had written the stamp.
      this.#projects.set(name, { ...open, stamp });
      return;
    }
    await this.#forget(name);
    if (stamp !== undefined) {
      await ensure(this.#storage, impressionLogName(name));
      await this.#open(name, stamp);
    }
    for (const listener of this.#projectListeners) listener();
  }

  async #forget(name: string): Promise<void> {
    const open = this.#projects.get(name);
    this.#projects.delete(name);
    await open?.project.close();
  }
}

/** Creates a project in the storage unless another process already has. */
async function ensure(storage: Storage, name: string): Promise<void> {
  try {
    await storage.createProject(name);
  } catch (error) {
    if (!(error instanceof RecoError && error.code === "conflict")) throw error;
  }
}
