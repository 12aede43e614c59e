import type { Dataset } from "./dataset.ts";
import type { ProvenanceStep } from "./dataset-parts.ts";
import { type Cold, coldOf } from "./inspect/cold.ts";
import { type Counts, countsOf } from "./inspect/counts.ts";
import { type Drift, driftOf } from "./inspect/drift.ts";
import { type LongTail, longTailOf } from "./inspect/long-tail.ts";
import { type Repeats, repeatsOf } from "./inspect/repeats.ts";
import { type Sessions, sessionsOf } from "./inspect/sessions.ts";
import { type Suspects, suspectsOf } from "./inspect/suspects.ts";
import { timelineOf } from "./inspect/timeline.ts";

/** What {@link inspect} finds. Plain data, ready for JSON. */
export interface Inspection {
  readonly counts: Counts;
  readonly longTail: LongTail;
  /** Omitted without clock times. */
  readonly sessions?: Sessions;
  /** Omitted without times, or with too few of them. */
  readonly drift?: Drift;
  readonly cold: Cold;
  readonly repeats: Repeats;
  readonly suspects: Suspects;
  readonly provenance: readonly ProvenanceStep[];
}

/**
 * Describes a dataset before you fit a model: how much there is, how skewed it is, how it changes over time, how much of it concerns new
 * users and items, and which users look automated. Load the data with `repeats: "all"`, or no repeats will be found.
 *
 * @example
 * ```ts
 * import { Dataset, inspect } from "recobase";
 * const data = Dataset.fromRows([{ user: 1, item: "a" }, { user: 1, item: "b" }, { user: 2, item: "a" }]);
 * inspect(data).counts.density; // 0.75
 * ```
 */
export function inspect(data: Dataset): Inspection {
  const repeats = repeatsOf(data);
  const counts = countsOf(data, repeats.pairs);
  const timeline = counts.time?.clock ? timelineOf(data) : undefined;
  const drift = data.interactions.time && driftOf(data, data.interactions.time);
  return {
    counts,
    longTail: longTailOf(data),
    ...(timeline ? { sessions: sessionsOf(timeline) } : {}),
    ...(drift ? { drift } : {}),
    cold: coldOf(data),
    repeats,
    suspects: suspectsOf(data, timeline),
    provenance: data.provenance,
  };
}
