import type { PropertyType } from "../data/entities.ts";
import type { EventInput, RefusedEvent } from "../data/events.ts";
import type { Answer, RecommendRequest } from "../pipeline/answer.ts";
import type { RecommenderSpec } from "../pipeline/recommender.gen.ts";
import type { PipelineRegistry } from "../pipeline/registry.ts";
import type { ProjectStats, ProjectStore, Store } from "../store/store.ts";
import type { CatalogVerbs } from "./catalog.ts";
import type { ServerConfig } from "./config/config.ts";
import type { Undeclared } from "./declarations.ts";
import type { Job } from "./jobs/job.ts";
import type { ExportRun } from "./transfer/export-job.ts";
import type { ImportFile, ImportRun } from "./transfer/import-rows.ts";
import type { RowFormat, RowKind } from "./transfer/importer.ts";
import type { UserVerbs } from "./users.ts";

/** The outcome of a batch of events. Rejected events are listed; the others are stored. */
export interface IngestResult {
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: readonly RefusedEvent[];
  /** Event types that the configuration doesn't declare, if there are any. */
  readonly warnings?: readonly string[];
}

/** What is noticeable about a project. */
export interface ProjectHealth {
  /** Event types and properties in use that are probably misspelled, with the number of events stored. */
  readonly undeclared: readonly (Undeclared & { readonly events?: number })[];
  /** Events of pages about items that the project doesn't know, refused since the start of this process, and some of the newest ids. */
  /** Items with a sudden rise today, mainly by users who were never here before: made-up visitors, or a campaign. */
  readonly suddenRises: readonly { readonly item: string; readonly events: number; readonly newcomers: number }[];
  readonly unknownItems: { readonly events: number; readonly ids: readonly string[] };
}

/** A fitted model of a project: live, or kept for rollback. */
export interface ModelRecord {
  readonly id: string;
  /** What it serves: `main` for the model that training chooses, otherwise the name of the source that asked for it. */
  readonly slot: string;
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Share of the events it was fitted on, the newest, in (0, 1]; all if absent. */
  readonly newest?: number | undefined;
  readonly state: "in-service" | "kept" | "rejected";
  readonly created: number;
  readonly events: number;
  readonly bytes: number;
  readonly fitSeconds: number;
  /** Metrics by name, on the held-out newest events: its own, and those of the live model at the time. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly metricsBefore: Readonly<Record<string, number>> | undefined;
  /** Why it was promoted or rejected. */
  readonly reason: string;
}

/** The effect of a rule, measured on logged data. */
export interface RuleReport {
  /** Items that match the filter, and all items that can be recommended. */
  readonly items: number;
  readonly of: number;
  /** Share of the catalog in the lists of sampled users, without and with the rule. */
  readonly coverage: readonly [without: number, with_: number];
  /** ndcg@10 on the newest events of sampled users, without and with the rule. */
  readonly ndcg: readonly [without: number, with_: number];
  /** Number of sampled users whose list is shorter than requested. */
  readonly shortLists: number;
  readonly users: number;
}

/** One open project: everything the server offers for it. */
export interface ProjectEngine extends CatalogVerbs, UserVerbs {
  readonly name: string;
  /** The underlying store, for anything the methods here don't cover. */
  readonly store: ProjectStore;
  /** Checks and appends events. When it resolves, they are on disk and the next request sees them. */
  ingest(events: readonly EventInput[]): Promise<IngestResult>;
  /** @throws RecoError `unknown-recommender`, `bad-expression`, `bad-input`, `unknown-item` (for an unknown anchor) */
  recommend(recommender: string, request: RecommendRequest): Promise<Answer>;
  /** Recommenders by name: built in, configured, and created over HTTP. */
  recommenders(): Readonly<Record<string, { readonly spec: RecommenderSpec; readonly origin: "ready" | "config" | "api" }>>;
  /**
   * Checks and stores a recommender. @throws RecoError `bad-expression`, `bad-config`; `conflict` if the configuration defines that name
   */
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
  /** Counts of what the project contains, and the types of item properties, declared or inferred. */
  stats(): ProjectStats & { readonly schema: Readonly<Record<string, PropertyType>> };
  /** What is noticeable, such as names that look misspelled. */
  health(): ProjectHealth;
  /** Counts events of pages about items that the project doesn't know, for {@link health}. */
  countUnknown(items: readonly string[]): void;
  /** Names of event types, in order of first appearance. */
  eventTypes(): readonly string[];
  models(): readonly ModelRecord[];
  /** Makes a kept model live again; without `id`, the previous one. */
  rollback(slot: string, id?: string): Promise<ModelRecord>;
  /** Reads a file of any size and writes its rows. Unusable rows are counted, and the first ones reported. */
  importRows(file: ImportFile): Promise<ImportRun>;
  /** Writes all events, items or users to a file that can be imported. */
  exportRows(kind: RowKind, format: Exclude<RowFormat, "tsv">): Promise<ExportRun>;
  /** Jobs of all processes, newest first. */
  jobs(): readonly Job[];
  job(id: string): Job | undefined;
  /** Starts a fit now, or returns the one already running. */
  train(): Promise<Job>;
  /** Cancels a job, whichever process runs it. False if no such job is waiting or running. */
  cancel(job: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Everything behind the server, without HTTP: for embedding in your own program. */
export interface Engine {
  readonly store: Store;
  readonly config: ServerConfig;
  /** The kinds of building blocks that recommenders can use. */
  readonly registry: PipelineRegistry;
  /** @throws RecoError `unknown-project` */
  project(name: string): ProjectEngine;
  createProject(name: string): Promise<ProjectEngine>;
  deleteProject(name: string): Promise<void>;
  /** Finishes work in progress and releases everything. */
  close(): Promise<void>;
}
