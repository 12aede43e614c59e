import type { EventColumns } from "../../data/event-columns.ts";
import type { FittedModel } from "../../model/fitted-model.ts";
import type { ProjectStore } from "../../store/store.ts";
import type { ProjectConfig } from "../config/config.ts";
import type { ModelRecord } from "../engine.ts";
import type { Job } from "../jobs/job.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { FitRunner } from "./fit-order.ts";
import type { Loadable } from "./load.ts";

/** A model that a source asked for by name; it is always trained, beside the one that training chooses for `main`. */
export interface NamedSlot {
  /** Name of the source. */
  readonly slot: string;
  readonly model: string;
  readonly options?: Readonly<Record<string, number | string | boolean>> | undefined;
}

export interface TrainerOptions {
  readonly store: Pick<
    ProjectStore,
    "documents" | "blobs" | "shared" | "segments" | "eventTypes" | "users" | "items" | "catalogue" | "listUsers" | "size" | "lead"
  >;
  readonly config: Pick<ProjectConfig, "events" | "objective" | "training" | "users">;
  /** The models that sources ask for by name now. Called at every fit, for recommenders come and go. */
  readonly slots?: () => readonly NamedSlot[];
  /** The models there are; the built-in ones when absent. */
  readonly loadable?: Loadable;
  /** Where fits run; in a thread of this process when absent. */
  readonly fitRunner?: FitRunner;
  /** The jobs of the project, where it has others too (imports); its own when absent. */
  readonly jobs?: Jobs;
  /** Told what the operator should know: a damaged model file, a failed fit. */
  readonly log?: (message: string) => void;
}

/** What started a job. */
export type Trigger = "manual" | "schedule" | "events" | "drift" | "first";

/** A model in service, with its record. Item indices of the model are those of the project. */
export interface ServedModel {
  readonly model: FittedModel;
  readonly record: ModelRecord;
}

/** Fits the models of one project in the background and says which are in service. */
export interface Trainer {
  /** Starts a fit of all slots; the one that runs or waits where there is one. Resolves when the job is on record. */
  start(trigger: Trigger): Promise<Job>;
  /** Stops a job of any kind. False where no such job waits or runs. */
  cancel(job: string): Promise<boolean>;
  /** Whether this process does the background work of the project. */
  readonly leads: boolean;
  /** Newest first. */
  jobs(): readonly Job[];
  /** Newest first. */
  models(): readonly ModelRecord[];
  /** What serves a slot now; undefined before a first fit. */
  inService(slot: string): ServedModel | undefined;
  /** Puts a kept model back in service; without `id` the one before. @throws RecoError `not-found` */
  rollback(slot: string, id?: string): Promise<ModelRecord>;
  /** Called at once for every slot in service, then whenever another model takes a slot. Swap there; nothing else waits for it. */
  onPublish(listener: (slot: string, model: FittedModel, record: ModelRecord) => void): void;
  /** To be told of every event that was committed, by this process or another, the stored ones not: it counts them for the triggers. */
  observe(events: EventColumns): void;
  /** Cancels what runs and waits for it. */
  close(): Promise<void>;
}
