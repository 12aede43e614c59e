import type { State } from "../../model/definition.ts";
import type { ModelChoice, Objective, ProjectConfig } from "../config/config.ts";
import type { FitFeatures } from "./fit-features.ts";

/** A slot that needs a model. */
export interface SlotOrder {
  readonly slot: string;
  /** The models to compare; chosen to suit the data if absent. */
  readonly models?: readonly ModelChoice[] | undefined;
  /** Whether a source asked for exactly this model: then it goes live even if another one did better. */
  readonly fixed: boolean;
  /** The live model of the slot. */
  readonly current?: CurrentModel | undefined;
}

export interface CurrentModel {
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Share of the events it was fitted on, the newest, in (0, 1]; all if absent. */
  readonly newest?: number | undefined;
  /** Time of the newest event it was fitted on. */
  readonly seenUntil: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What to fit. Plain data that survives JSON, so that a fit can run anywhere. */
export interface FitOrder {
  /** `update`: bring the live models up to date without searching for better ones. */
  readonly mode: "train" | "update";
  readonly slots: readonly SlotOrder[];
  /** URLs of the modules that define custom models. */
  readonly modules: readonly string[];
  readonly eventTypes: readonly string[];
  readonly events?: ProjectConfig["events"] | undefined;
  readonly objective?: Objective | undefined;
  /** Number of users and items in the project. */
  readonly users: number;
  readonly items: number;
  readonly holdout: number;
  readonly threads: number;
  readonly seed: number;
}

/** The input of a {@link FitRunner}. */
export interface FitInput {
  readonly order: FitOrder;
  /** The event log, packed; `readSegment` reads one. */
  readonly segments: AsyncIterable<Uint8Array>;
  /** What models need besides events; empty tables if they need nothing. Works with `v8.serialize`. */
  readonly features: FitFeatures;
  /**
   * The file of a slot's live model, for comparison. @throws RecoError `not-found` if it is missing; the fit continues without it
   */
  current(slot: string): AsyncIterable<Uint8Array>;
  /** Fires when the job is canceled. */
  readonly signal: AbortSignal;
  /** Reports the progress of the fit, in [0, 1], and the current task. */
  report(progress: number, task: string): void;
}

/**
 * Runs fits: takes an order with the event log and yields the outcome for each slot, in any order. The default runs them in a thread of
 * this process. Your own can send everything elsewhere and call `fitHere` there.
 *
 * The file of an outcome is read before the next outcome is requested. The loop may end early, so clean up in `finally`.
 */
export type FitRunner = (input: FitInput) => AsyncIterable<SlotOutcome>;

/** The result of one candidate. */
export interface Tried {
  readonly label: string;
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly seconds: number;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  /** Why it was not fitted. */
  readonly error?: string | undefined;
}

/** The outcome for one slot. */
export interface SlotOutcome {
  readonly slot: string;
  /** The fitted model; absent if none was promoted. */
  readonly fitted?: FittedArtifact | undefined;
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly metricsBefore?: Readonly<Record<string, number>> | undefined;
  readonly newest?: number | undefined;
  readonly reason: string;
  readonly fitSeconds: number;
  readonly events: number;
  readonly seenUntil: number;
  readonly tried: readonly Tried[];
}

export interface FittedArtifact {
  /** The path of the model's file, or its bytes. */
  readonly artifact: string | Uint8Array;
  /** The same model in memory, if it was fitted in this process. Otherwise the file is loaded. */
  readonly packed?: PackedModel | undefined;
}

/** A model in transfer between threads; its arrays are moved, not copied. */
export interface PackedModel {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly state: State;
  readonly items: number;
  readonly itemCounts: Uint32Array;
}
