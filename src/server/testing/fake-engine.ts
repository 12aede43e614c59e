import type { EventInput } from "../../data/events.ts";
import { catalogVerbs } from "../../engine/catalog.ts";
import type { ServerConfig } from "../../engine/config/config.ts";
import { Declarations } from "../../engine/declarations.ts";
import type { Engine, ModelRecord, ProjectEngine } from "../../engine/engine.ts";
import { healthVerbs } from "../../engine/health.ts";
import { ingest } from "../../engine/ingest.ts";
import type { Job } from "../../engine/jobs/job.ts";
import { Jobs } from "../../engine/jobs/jobs.ts";
import { transferVerbs } from "../../engine/transfer/transfer.ts";
import { userVerbs } from "../../engine/users.ts";
import type { Answer, RecommendRequest } from "../../pipeline/answer.ts";
import { PipelineRegistry } from "../../pipeline/registry.ts";
import { openStore } from "../../store/open-store.ts";
import type { ProjectStore, Store } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";

/** The requests the fake received, newest last. */
export type Asked = { recommender: string; request: RecommendRequest }[];

/**
 * An engine on a real store that recommends the same items to everyone and records its requests: for testing the HTTP layer around it.
 */
export async function fakeEngine(config: ServerConfig = {}): Promise<{ engine: Engine; asked: Asked }> {
  const store: Store = await openStore("memory");
  const asked: Asked = [];
  const projects = new Map<string, ProjectEngine>();
  const engine: Engine = {
    store,
    config,
    registry: new PipelineRegistry(),
    project(name) {
      const found = projects.get(name);
      if (found === undefined) throw new RecoError("unknown-project", `There is no project "${name}".`);
      return found;
    },
    async createProject(name) {
      const made = fakeProject(name, await store.createProject(name), config, asked);
      projects.set(name, made);
      return made;
    },
    async deleteProject(name) {
      await projects.get(name)?.close();
      projects.delete(name);
      await store.deleteProject(name);
    },
    async close() {
      for (const project of projects.values()) await project.close();
      await store.close();
    },
  };
  return { engine, asked };
}

const model: ModelRecord = {
  id: "m1",
  slot: "main",
  model: "ease",
  options: { regularization: 500 },
  state: "in-service",
  created: 1_767_225_600_000,
  events: 10,
  bytes: 100,
  fitSeconds: 0.5,
  metrics: { "ndcg@10": 0.1, "recall@10": Number.NaN },
  metricsBefore: undefined,
  reason: "It is the first.",
};

function fakeProject(name: string, store: ProjectStore, config: ServerConfig, asked: Asked): ProjectEngine {
  const recommenders: Record<string, { spec: object; origin: "ready" | "api" }> = {
    "for-you": { spec: {}, origin: "ready" },
    audience: { spec: { for: "items-to-users" }, origin: "ready" },
  };
  const jobs: Job[] = [];
  const kept = new Jobs(store.documents);
  const rows = {
    ingest: (events: readonly EventInput[]) => ingest(store, events, { now: Date.now(), skew: 300_000 }),
    ...catalogVerbs(store, new Declarations({})),
    ...userVerbs(store, new Declarations({}), async () => {}),
  };
  return {
    name,
    store,
    ...rows,
    ...transferVerbs({ store, jobs: kept, config, project: rows }),
    async recommend(recommender, request): Promise<Answer> {
      if (!Object.hasOwn(recommenders, recommender))
        throw new RecoError("unknown-recommender", `There is no recommender "${recommender}".`);
      if (request.filter === "explode") throw new Error("A secret of the inside at /home/somebody");
      asked.push({ recommender, request });
      const items = Array.from({ length: request.k ?? 10 }, (_, i) => ({
        item: `item-${i}`,
        score: 1 / (i + 1),
        propensity: 1,
        sources: ["popular"],
      }));
      return {
        id: "a1",
        recommender,
        basis: "rule",
        items,
        skipped: [{ source: "ease", reason: "not-ready", message: "There was no fit yet." }],
      };
    },
    recommenders: () => recommenders,
    async putRecommender(recommender, spec) {
      recommenders[recommender] = { spec, origin: "api" };
    },
    deleteRecommender: async (recommender) => delete recommenders[recommender],
    dryRun: async () => ({ items: 1, of: 2, coverage: [0.5, 0.25], ndcg: [Number.NaN, Number.NaN], shortLists: 0, users: 0 }),
    models: () => [model],
    async rollback(slot) {
      if (slot !== "main") throw new RecoError("not-found", `There is no place "${slot}".`);
      return model;
    },
    ...healthVerbs(store, new Declarations({}), () => []),
    stats: () => ({ ...store.stats(), schema: store.catalog.schema }),
    eventTypes: () => store.eventTypes,
    jobs: () => [...kept.list(), ...jobs],
    job: (id) => kept.get(id) ?? jobs.find((job) => job.id === id),
    async train() {
      const times = { created: Date.now(), started: undefined, finished: undefined };
      const job: Job = {
        id: "j1",
        kind: "train",
        state: "waiting",
        trigger: "manual",
        ...times,
        progress: 0,
        task: "waits",
        error: undefined,
        result: undefined,
      };
      jobs.push(job);
      return job;
    },
    cancel: async (job) => (await kept.cancel(job)) || jobs.some(({ id }) => id === job),
    close: () => kept.close(),
  };
}
