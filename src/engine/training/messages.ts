import type { State } from "../../model/definition.ts";
import type { ModelChoice, Objective, ProjectConfig } from "../config/config.ts";

/** One slot that is to get a model. */
export interface SlotOrder {
  readonly slot: string;
  /** The models to compare; chosen by the data when absent. */
  readonly models: readonly ModelChoice[] | undefined;
  /** Whether a source asked for just this model: then it serves, even where another did better before. */
  readonly fixed: boolean;
  /** What serves the slot now. */
  readonly current: CurrentModel | undefined;
  /** Where the new model is to be written. */
  readonly path: string;
}

export interface CurrentModel {
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The newest share of the events that it was fitted on, in (0, 1]; all when absent. */
  readonly newest?: number | undefined;
  /** Its file, absent where it could not be had. */
  readonly path: string | undefined;
  /** Time of the newest event that it was fitted on. */
  readonly seenUntil: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What a training thread is asked. The segments of the event log follow, each a message of its own, and `end`. */
export interface FitOrder {
  readonly type: "fit";
  /** `update`: bring the models in service up to date, without a search for better ones. */
  readonly mode: "train" | "update";
  readonly slots: readonly SlotOrder[];
  readonly eventTypes: readonly string[];
  readonly events: ProjectConfig["events"];
  readonly objective: Objective | undefined;
  /** Users and items of the project. */
  readonly users: number;
  readonly items: number;
  readonly holdout: number;
  readonly threads: number;
  readonly seed: number;
}

export interface LoadOrder {
  readonly type: "load";
  readonly path: string;
}

export type ToThread = FitOrder | LoadOrder | { readonly type: "segment"; readonly bytes: Uint8Array } | { readonly type: "end" | "stop" };

/** A model on its way between threads, its arrays moved and not copied. */
export interface PackedModel {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly state: State;
  readonly items: number;
  readonly itemCounts: Uint32Array;
}

/** How one candidate did. */
export interface Tried {
  readonly label: string;
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly seconds: number;
  readonly metrics: Readonly<Record<string, number>> | undefined;
  /** Why it could not be fitted, or was not. */
  readonly error: string | undefined;
}

/** What became of one slot. */
export interface SlotOutcome {
  readonly slot: string;
  /** The fitted model, which lies at `path` too; absent where none was promoted. */
  readonly fitted: { readonly path: string; readonly packed: PackedModel } | undefined;
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly metricsBefore: Readonly<Record<string, number>> | undefined;
  readonly newest?: number | undefined;
  readonly reason: string;
  readonly fitSeconds: number;
  readonly events: number;
  readonly seenUntil: number;
  readonly tried: readonly Tried[];
}

export type FromThread =
  | { readonly type: "progress"; readonly progress: number; readonly task: string }
  | { readonly type: "outcome"; readonly outcome: SlotOutcome }
  | { readonly type: "loaded"; readonly packed: PackedModel }
  /** All is done. */
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly code: string | undefined; readonly message: string };
