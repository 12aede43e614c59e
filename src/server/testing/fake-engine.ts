import type { ServerConfig } from "../../engine/config.ts";
import type { Engine, Job, ProjectEngine } from "../../engine/engine.ts";
import type { Answer, RecommendRequest } from "../../pipeline/answer.ts";
import type { Documents, Entity, EntityInput, EventInput, ProjectStore, Store } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";

function fakeDocuments(): Documents {
  const kinds = new Map<string, Map<string, unknown>>();
  const listeners: { kind: string; listener: (key: string, body: unknown) => void }[] = [];
  const of = (kind: string) => {
    const map = kinds.get(kind) ?? new Map<string, unknown>();
    kinds.set(kind, map);
    return map;
  };
  const changed = (kind: string, key: string, body: unknown) => {
    for (const one of listeners) if (one.kind === kind) one.listener(key, body);
  };
  return {
    get: (kind, key) => of(kind).get(key),
    list: (kind) => [...of(kind)].map(([key, body]) => ({ key, body })),
    async put(kind, key, body) {
      of(kind).set(key, structuredClone(body));
      changed(kind, key, body);
    },
    async delete(kind, key) {
      const there = of(kind).delete(key);
      changed(kind, key, undefined);
      return there;
    },
    onChange: (kind, listener) => void listeners.push({ kind, listener }),
  };
}

/** Ids in order of first appearance. */
class FakeIds {
  readonly all: string[] = [];
  get size() {
    return this.all.length;
  }
  id(index: number) {
    return this.all[index];
  }
  indexOf(id: string) {
    return this.all.indexOf(id);
  }
  add(id: string): number {
    const index = this.indexOf(id);
    return index >= 0 ? index : this.all.push(id) - 1;
  }
}

/** A project that remembers events and entities, and recommends items in the order of their coming. */
export class FakeProject {
  readonly name: string;
  readonly events: EventInput[] = [];
  readonly asked: RecommendRequest[] = [];
  private readonly users = new FakeIds();
  private readonly items = new FakeIds();
  private readonly types = new FakeIds();
  private readonly described = { item: new Map<string, Entity>(), user: new Map<string, Entity>() };

  constructor(name: string) {
    this.name = name;
  }

  engine(): ProjectEngine {
    const { name, events, asked } = this;
    const recommend = async (recommender: string, request: RecommendRequest): Promise<Answer> => {
      if (recommender !== "for-you") throw new RecoError("unknown-recommender", `There is no recommender "${recommender}".`);
      asked.push(request);
      if (asked.length > 100) asked.length = 0;
      const items = Array.from({ length: request.k ?? 10 }, (_, i) => ({
        item: `item-${i}`,
        score: 1 / (i + 1),
        propensity: 1,
        sources: ["popular"],
      }));
      return { id: "a1", recommender, items, skipped: [] };
    };
    const store = this.store();
    const unused = () => {
      throw new Error("The fake has no such thing.");
    };
    return {
      name,
      store,
      async ingest(given) {
        const { accepted, duplicates } = await store.append(given);
        if (events.length > 100_000) events.length = 0;
        return { accepted, duplicates, refused: [] };
      },
      recommend,
      recommenders: () => ({ "for-you": { spec: {}, origin: "ready" } }),
      putRecommender: unused,
      deleteRecommender: unused,
      dryRun: unused,
      models: () => [],
      rollback: unused,
      jobs: (): readonly Job[] => [],
      train: unused,
      cancel: async () => false,
      close: async () => {},
    };
  }

  private store(): ProjectStore {
    const { name, events, users, items, types, described } = this;
    const put = (kind: "item" | "user") => async (entities: readonly EntityInput[]) => {
      for (const entity of entities)
        described[kind].set(entity.id, { hidden: false, ...entity, created: described[kind].get(entity.id)?.created ?? 1, updated: 2 });
    };
    const list = (kind: "item" | "user") => (page: { after?: string; limit: number }) =>
      [...described[kind].values()]
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .filter(({ id }) => id > (page.after ?? ""))
        .slice(0, page.limit);
    const store = {
      name,
      users,
      items,
      eventTypes: types.all,
      get size() {
        return events.length;
      },
      async append(given: readonly EventInput[]) {
        for (const event of given) {
          types.add(event.type);
          events.push(event);
        }
        return { accepted: given.length, duplicates: 0 };
      },
      recent(user: string, limit = 50) {
        const own = events
          .filter((event) => event.user === user)
          .reverse()
          .slice(0, limit);
        return {
          length: own.length,
          item: Uint32Array.from(own, ({ item }) => items.add(item)),
          type: Uint8Array.from(own, ({ type }) => types.indexOf(type)),
          value: Float32Array.from(own, ({ value = 1 }) => value),
          time: Float64Array.from(own, ({ time }) => time),
        };
      },
      putItems: put("item"),
      putUsers: put("user"),
      item: (id: string) => described.item.get(id),
      user: (id: string) => described.user.get(id),
      listItems: list("item"),
      listUsers: list("user"),
    };
    // What the tests of the server do not ask of the fake is not there.
    return store as unknown as ProjectStore;
  }
}

/** An engine that remembers what it was asked, for tests of what HTTP does before and after it. */
export class FakeEngine {
  readonly config: ServerConfig;
  readonly projects = new Map<string, FakeProject>();
  private readonly documents = fakeDocuments();

  constructor(config: ServerConfig = {}) {
    this.config = config;
  }

  engine(): Engine {
    const { config, projects, documents } = this;
    const engines = new Map<string, ProjectEngine>();
    const store = {
      kind: "memory",
      projects: () => [...projects.keys()],
      documents,
      backup: undefined,
      bytes: async () => 0,
      close: async () => {},
    };
    return {
      store: store as unknown as Store,
      config,
      project(name) {
        const found = engines.get(name);
        if (found === undefined) throw new RecoError("unknown-project", `There is no project "${name}".`);
        return found;
      },
      async createProject(name) {
        if (projects.has(name)) throw new RecoError("conflict", `There is a project "${name}" already.`);
        const project = new FakeProject(name);
        projects.set(name, project);
        engines.set(name, project.engine());
        return project.engine();
      },
      async deleteProject(name) {
        projects.delete(name);
        engines.delete(name);
      },
      close: async () => {},
    };
  }
}
