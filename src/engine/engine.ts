import type { PropertyType } from "../data/entities.ts";
import type { EventInput, RejectedEvent } from "../data/events.ts";
import type { Answer, RecommendRequest } from "../pipeline/answer.ts";
import type { RecommenderSpec } from "../pipeline/recommender.gen.ts";
import type { PipelineRegistry } from "../pipeline/registry.ts";
import type { ProjectStats, ProjectStore, Store } from "../store/store.ts";
import type { CatalogVerbs } from "./catalog.ts";
import type { ServerConfig } from "./config/config.ts";
import type { Job } from "./jobs/job.ts";
import type { ExportRun } from "./transfer/export-job.ts";
import type { ImportFile, ImportRun } from "./transfer/import-rows.ts";
import type { RowFormat, RowKind } from "./transfer/importer.ts";
import type { UserVerbs } from "./users.ts";

/** What became of a batch of events. Events that are rejected are named; the others are kept. */
export interface IngestResult {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly RejectedEvent[];
}

/** A fitted model of a project, in service or kept for going back. */
export interface ModelRecord {
  readonly id: string;
  /** Which place it serves: `main` for the one training chooses, else the name of the source that asked for it. */
  readonly slot: string;
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The newest share of the events that it was fitted on, in (0, 1]; all when absent. */
  readonly newest?: number | undefined;
  readonly state: "in-service" | "kept" | "rejected";
  readonly created: number;
  readonly events: number;
  readonly bytes: number;
  readonly fitSeconds: number;
  /** On the newest events, that it had not seen: metric by name, and that of the model in service at the time. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly metricsBefore: Readonly<Record<string, number>> | undefined;
  /** Why it was promoted or rejected, in words. */
  readonly reason: string;
}

/** What a rule would do, measured on logged data. */
export interface RuleReport {
  /** Items that satisfy the filter, and all that may be recommended. */
  readonly items: number;
  readonly of: number;
  /** Share of the catalogue in the lists of sampled users, without and with the rule. */
  readonly coverage: readonly [without: number, with_: number];
  /** ndcg@10 on the newest events of sampled users, without and with. */
  readonly ndcg: readonly [without: number, with_: number];
  /** Lists shorter than asked for, of the sampled users. */
  readonly shortLists: number;
  readonly users: number;
}

/** One project at work: everything that the server offers for it. */
export interface ProjectEngine extends CatalogVerbs, UserVerbs {
  readonly name: string;
  /** Everything that is kept, for what no verb here does. */
  readonly store: ProjectStore;
  /** Checks and appends events. On disk when it resolves, and seen by the next request. */
  ingest(events: readonly EventInput[]): Promise<IngestResult>;
  /** @throws RecoError `unknown-recommender`, `bad-expression`, `bad-input`, `unknown-item` (an anchor that is not known) */
  recommend(recommender: string, request: RecommendRequest): Promise<Answer>;
  /** Recommenders by name: ready-made, configured, and made over HTTP. */
  recommenders(): Readonly<Record<string, { readonly spec: RecommenderSpec; readonly origin: "ready" | "config" | "api" }>>;
  /** Checks and stores a recommender. @throws RecoError `bad-expression`, `bad-config`; `conflict` where the name is in the configuration */
  putRecommender(name: string, spec: RecommenderSpec): Promise<void>;
  deleteRecommender(name: string): Promise<boolean>;
  dryRun(
    recommender: string,
    rule: {
      readonly filter?: string;
      readonly boosts?: readonly { readonly by: string }[];
      readonly parameters?: RecommendRequest["parameters"];
    },
  ): Promise<RuleReport>;
  /** What the project holds, with the types of item properties, declared or learned. */
  stats(): ProjectStats & { readonly schema: Readonly<Record<string, PropertyType>> };
  /** Names of event types, in order of appearance. */
  eventTypes(): readonly string[];
  models(): readonly ModelRecord[];
  /** Puts a kept model back in service; without `id` the one before. */
  rollback(slot: string, id?: string): Promise<ModelRecord>;
  /** Reads a file of any size and writes its rows. Rows that cannot be used are counted, and the first of them named. */
  importRows(file: ImportFile): Promise<ImportRun>;
  /** Writes all events, items or users as a file that an import reads. */
  exportRows(kind: RowKind, format: Exclude<RowFormat, "tsv">): Promise<ExportRun>;
  /** Jobs of every process, newest first. */
  jobs(): readonly Job[];
  job(id: string): Job | undefined;
  /** Starts a fit now; the running one where there is one. */
  train(): Promise<Job>;
  /** Stops a job, whichever process runs it. False where no such job waits or runs. */
  cancel(job: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Everything behind the server, without HTTP: for embedding in a program of one's own. */
export interface Engine {
  readonly store: Store;
  readonly config: ServerConfig;
  /** What recommenders can be made of. */
  readonly registry: PipelineRegistry;
  /** @throws RecoError `unknown-project` */
  project(name: string): ProjectEngine;
  createProject(name: string): Promise<ProjectEngine>;
  deleteProject(name: string): Promise<void>;
  /** Finishes what is under way, and lets go of everything. */
  close(): Promise<void>;
}
