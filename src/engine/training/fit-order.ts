import type { State } from "../../model/definition.ts";
import type { ModelChoice, Objective, ProjectConfig } from "../config/config.ts";
import type { FitFeatures } from "./fit-features.ts";

/** One slot that is to get a model. */
export interface SlotOrder {
  readonly slot: string;
  /** The models to compare; chosen by the data when absent. */
  readonly models?: readonly ModelChoice[] | undefined;
  /** Whether a source asked for just this model: then it serves, even where another did better before. */
  readonly fixed: boolean;
  /** What serves the slot now. */
  readonly current?: CurrentModel | undefined;
}

export interface CurrentModel {
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The newest share of the events that it was fitted on, in (0, 1]; all when absent. */
  readonly newest?: number | undefined;
  /** Time of the newest event that it was fitted on. */
  readonly seenUntil: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What to fit. Plain data: it survives JSON, so that a fit can run anywhere. */
export interface FitOrder {
  /** `update`: bring the models in service up to date, without a search for better ones. */
  readonly mode: "train" | "update";
  readonly slots: readonly SlotOrder[];
  /** URLs of the modules that define your own models. */
  readonly modules: readonly string[];
  readonly eventTypes: readonly string[];
  readonly events?: ProjectConfig["events"] | undefined;
  readonly objective?: Objective | undefined;
  /** Users and items of the project. */
  readonly users: number;
  readonly items: number;
  readonly holdout: number;
  readonly threads: number;
  readonly seed: number;
}

/** What a {@link FitRunner} is given. */
export interface FitInput {
  readonly order: FitOrder;
  /** The event log, packed; `readSegment` reads one. */
  readonly segments: AsyncIterable<Uint8Array>;
  /** What models need beside events; empty tables where none of them does. `v8.serialize` takes it. */
  readonly features: FitFeatures;
  /** The file of the model that serves a slot, for comparison. @throws RecoError `not-found` where it is missing: the fit goes on without it */
  current(slot: string): AsyncIterable<Uint8Array>;
  /** Fires when the job is canceled. */
  readonly signal: AbortSignal;
  /** Say how far the fit is, in [0, 1], and what it is doing. */
  report(progress: number, task: string): void;
}

/**
 * Runs fits: takes an order with the event log, and yields what became of each slot, in any order. The default runs them in a thread of this
 * process. Yours may send everything elsewhere and call `fitHere` there.
 *
 * A file that an outcome names is read before the next outcome is asked for. When the loop ends early, clean up in `finally`.
 */
export type FitRunner = (input: FitInput) => AsyncIterable<SlotOutcome>;

/** How one candidate did. */
export interface Tried {
  readonly label: string;
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly seconds: number;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  /** Why it could not be fitted, or was not. */
  readonly error?: string | undefined;
}

/** What became of one slot. */
export interface SlotOutcome {
  readonly slot: string;
  /** The fitted model; absent where none was promoted. */
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
  /** The same model ready for service, where it did not leave the process. Without it the file is loaded. */
  readonly packed?: PackedModel | undefined;
}

/** A model on its way between threads, its arrays moved and not copied. */
export interface PackedModel {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly state: State;
  readonly items: number;
  readonly itemCounts: Uint32Array;
}
