import { configDuration } from "../config/check-value.ts";
import type { TrainingSpec } from "../config/config.ts";
import type { Trigger } from "./trainer.ts";

/** The input for deciding whether to fit. Times are milliseconds since 1970. */
export interface TriggerState {
  readonly now: number;
  /** Number of events in the project. */
  readonly events: number;
  /** The last successful full fit: when it ended, how long it took, and how many events there were. */
  readonly fitted: { readonly at: number; readonly milliseconds: number; readonly events: number } | undefined;
  /** The last successful fit or update. */
  readonly refreshed: { readonly at: number; readonly milliseconds: number; readonly events: number } | undefined;
  /** Failures since the last success, and the time of the last one. */
  readonly failures: number;
  readonly failedAt: number;
  /** Whether the live models can be updated quickly. */
  readonly updatable: boolean;
  readonly drift: Drift;
}

/** Counts of events since the live model was fitted. */
export interface Drift {
  readonly events: number;
  /** Those on items the model doesn't know. */
  readonly unknown: number;
  /** The share of unknown items when it was evaluated: the usual level for this project. */
  readonly usual: number;
}

export interface Due {
  readonly kind: "train" | "update";
  readonly trigger: Trigger;
}

/** Minimum number of events for a first fit. */
const FIRST = 100;
const MINUTE = 60_000;
const LONGEST_PAUSE = 60 * MINUTE;
/** Share of the time that training may take, so that fast-growing data doesn't mean nonstop training. */
const SHARE_OF_TIME = 0.1;

/**
 * Decides which job is due, if any:
 *
 * - `first`: nothing has been fitted, and there are 100 events.
 * - `events`: `afterEvents` events arrived since the last fit, by default a tenth of all, at least 1,000.
 * - `drift`: see {@link drifted}.
 * - `schedule`: the last fit was `every` ago (6 hours by default), and there is at least one new event.
 * - an update, if the models can be updated, after a fifth of the events that make a fit due.
 *
 * After a failure it waits a minute, and twice as long after each further one, up to an hour. Otherwise it waits nine times the duration of
 * the last job of that kind, so that training takes at most a tenth of the time. The schedule is exempt.
 */
export function due(state: TriggerState, spec: TrainingSpec = {}): Due | undefined {
  const { now, events, fitted, refreshed, failures, failedAt } = state;
  if (failures > 0 && now - failedAt < Math.min(LONGEST_PAUSE, MINUTE * 2 ** (failures - 1))) return undefined;
  if (fitted === undefined || refreshed === undefined) return events >= FIRST ? { kind: "train", trigger: "first" } : undefined;
  const grown = events - fitted.events;
  const wanted = spec.afterEvents ?? Math.max(1000, Math.ceil(fitted.events / 10));
  if (grown !== 0 && now - fitted.at >= configDuration(spec.every ?? "6h", "training.every")) return { kind: "train", trigger: "schedule" };
  const rested = (job: { readonly at: number; readonly milliseconds: number }) =>
    now - job.at >= job.milliseconds * (1 / SHARE_OF_TIME - 1);
  if (rested(fitted)) {
    if (grown >= wanted) return { kind: "train", trigger: "events" };
    if (drifted(state.drift)) return { kind: "train", trigger: "drift" };
  }
  if (state.updatable && rested(refreshed) && events - refreshed.events >= Math.ceil(wanted / 5))
    return { kind: "update", trigger: "events" };
  return undefined;
}

/** Minimum number of events for a meaningful share. */
const ENOUGH = 100;
const TOLERATED = 0.1;

/**
 * Whether the live model no longer matches the incoming events: of at least 100 events since its fit, the share on unknown items is
 * significantly above a tenth and above twice the usual share (lower bound of Wilson's 95% interval).
 */
export function drifted({ events, unknown, usual }: Drift): boolean {
  if (events < ENOUGH) return false;
  const z = 1.96;
  const share = unknown / events;
  const centre = share + (z * z) / (2 * events);
  const spread = z * Math.sqrt((share * (1 - share)) / events + (z * z) / (4 * events * events));
  return (centre - spread) / (1 + (z * z) / events) > Math.max(TOLERATED, 2 * usual);
}
