import type { EventColumns } from "../../data/event-columns.ts";
import type { FittedModel } from "../../model/fitted-model.ts";
import type { ProjectStore } from "../../store/store.ts";
import type { ProjectConfig } from "../config/config.ts";
import type { ModelRecord } from "../engine.ts";
import type { Job } from "../jobs/job.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { FitRunner } from "./fit-order.ts";
import type { Loadable } from "./load.ts";

/** A model that a source asks for by name. It is always trained, in addition to the one that training chooses for `main`. */
export interface NamedSlot {
  /** Name of the source. */
  readonly slot: string;
  readonly model: string;
  readonly options?: Readonly<Record<string, number | string | boolean>> | undefined;
}

export interface TrainerOptions {
  readonly store: Pick<
    ProjectStore,
    "documents" | "blobs" | "shared" | "segments" | "eventTypes" | "users" | "items" | "catalog" | "listUsers" | "size" | "lead"
  >;
  readonly config: Pick<ProjectConfig, "events" | "objective" | "training" | "users">;
  /** The models that sources currently ask for by name. Called at every fit, because recommenders can change. */
  readonly slots?: () => readonly NamedSlot[];
  /** The available models; the built-in ones by default. */
  readonly loadable?: Loadable;
  /** Where fits run; by default in a thread of this process. */
  readonly fitRunner?: FitRunner;
  /** The jobs of the project, shared with other kinds (imports); by default the trainer makes its own. */
  readonly jobs?: Jobs;
  /** Called with messages for the operator: a damaged model file, a failed fit. */
  readonly log?: (message: string) => void;
}

/** What triggered a job. */
export type Trigger = "manual" | "schedule" | "events" | "drift" | "first";

/** A live model with its record. The model's item indices are the project's. */
export interface ServedModel {
  readonly model: FittedModel;
  readonly record: ModelRecord;
}

/** Fits the models of one project in the background and decides which are live. */
export interface Trainer {
  /** Starts a fit of all slots, or returns the one already running or waiting. Resolves when the job is recorded. */
  start(trigger: Trigger): Promise<Job>;
  /** Cancels a job of any kind. False if no such job is waiting or running. */
  cancel(job: string): Promise<boolean>;
  /** Whether this process does the background work of the project. */
  readonly leads: boolean;
  /** Newest first. */
  jobs(): readonly Job[];
  /** Newest first. */
  models(): readonly ModelRecord[];
  /** The live model of a slot; undefined before the first fit. */
  inService(slot: string): ServedModel | undefined;
  /** Makes a kept model live again; without `id`, the previous one. @throws RecoError `not-found` */
  rollback(slot: string, id?: string): Promise<ModelRecord>;
  /** Calls the listener now for every live model, then whenever a slot gets another one. Swap models there; nothing else waits for it. */
  onPublish(listener: (slot: string, model: FittedModel, record: ModelRecord) => void): void;
  /** Counts new events for the triggers. Call it for every event committed by this process or another, but not for those already stored. */
  observe(events: EventColumns): void;
  /** Cancels running jobs and waits for them. */
  close(): Promise<void>;
}
