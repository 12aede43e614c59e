import type { TrainingSpec } from "../config/config.ts";
import { configDuration } from "../config/config-duration.ts";
import type { Trigger } from "./trainer.ts";

/** What is known when it is decided whether to fit. Times are milliseconds since 1970. */
export interface TriggerState {
  readonly now: number;
  /** Events of the project. */
  readonly events: number;
  /** The newest full fit that succeeded: when it ended, how long it took, and how many events there were. */
  readonly fitted: { readonly at: number; readonly milliseconds: number; readonly events: number } | undefined;
  /** The newest fit or update that succeeded. */
  readonly refreshed: { readonly at: number; readonly milliseconds: number; readonly events: number } | undefined;
  /** Failures since the last success, and when the last one was. */
  readonly failures: number;
  readonly failedAt: number;
  /** Whether the models in service can be brought up to date quickly. */
  readonly updatable: boolean;
  readonly drift: Drift;
}

/** Counts of events since the model in service was fitted. */
export interface Drift {
  readonly events: number;
  /** Those on items that it does not know. */
  readonly unknown: number;
  /** The share of such among the events it was judged on at its fit: what is usual for this project. */
  readonly usual: number;
}

export interface Due {
  readonly kind: "train" | "update";
  readonly trigger: Trigger;
}

/** Events from which on a first fit is worth its while. */
const FIRST = 100;
const MINUTE = 60_000;
const LONGEST_PAUSE = 60 * MINUTE;
/** A fit may take this share of the time, so that data that grows fast does not mean training without end. */
const SHARE_OF_TIME = 0.1;

/**
 * Which job is due, if any:
 *
 * - `first`: nothing was fitted, and there are 100 events.
 * - `events`: since the last fit so many came as the configuration says, by default a tenth of all, at least 1,000.
 * - `drift`: see {@link drifted}.
 * - `schedule`: the last fit is `every` ago (6 hours by default), and at least one event came since.
 * - an update, where the models can be updated, after a fifth of the events that make a fit due.
 *
 * After a failure it waits a minute, after each further one twice as long, at most an hour. Otherwise between two jobs lies nine times the
 * length of the last of the kind, so that training takes a tenth of the time at most; the schedule is exempt.
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

/** Events from which on a share means something. */
const ENOUGH = 100;
const TOLERATED = 0.1;

/**
 * Whether what comes in is not what the model in service knows: of at least 100 events since its fit, the share on items that it does not
 * know is above a tenth and above twice the usual share, beyond chance (the lower end of Wilson's 95% interval).
 */
export function drifted({ events, unknown, usual }: Drift): boolean {
  if (events < ENOUGH) return false;
  const z = 1.96;
  const share = unknown / events;
  const centre = share + (z * z) / (2 * events);
  const spread = z * Math.sqrt((share * (1 - share)) / events + (z * z) / (4 * events * events));
  return (centre - spread) / (1 + (z * z) / events) > Math.max(TOLERATED, 2 * usual);
}
