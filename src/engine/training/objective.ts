import type { EventColumns } from "../../data/event-columns.ts";
import type { Objective } from "../config/config.ts";
import type { EventWeighting } from "../learning/event-weighting.ts";

/** An objective resolved against the event types of a project. */
export interface ResolvedObjective {
  /** For display: `purchase`, `value of purchase`, `click 1, purchase 5`. */
  readonly label: string;
  /** The gain of one event; 0 if the objective doesn't count it. */
  gain(type: number, value: number): number;
  /** Whether an event takes back the user's earlier events of another type on the same item. */
  takesBack?(type: number, value: number, other: number): boolean;
  /** Whether the gains of a user's events on one item add up (values), or only the largest counts (types). */
  readonly adds: boolean;
}

/**
 * Resolves the objective. Without a configured one it is the strongest event type: the one whose events weigh most on average. Ratings
 * below the mean and other events that don't count in favor of their item are not a success.
 */
export function resolveObjective(
  objective: Objective | undefined,
  names: readonly string[],
  weights: EventWeighting,
  events: EventColumns,
): ResolvedObjective {
  return { ...gainsOf(objective, names, weights, events), takesBack: (type, value, other) => takesBack(weights, type, value, other) };
}

/** Events against an item take back all that count in its favor. */
function takesBack(weights: EventWeighting, type: number, value: number, other: number): boolean {
  return weights.undoes(type, other) || weights.of(type, value) < 0;
}

function gainsOf(
  objective: Objective | undefined,
  names: readonly string[],
  weights: EventWeighting,
  events: EventColumns,
): ResolvedObjective {
  if (objective === undefined) return ofType(strongestType(names, weights, events), names, weights);
  if (typeof objective === "string") return ofType(objective, names, weights);
  if (isByValue(objective)) {
    const wanted = names.indexOf(objective.type);
    return {
      label: `value of ${objective.type}`,
      gain: (type, value) => (type === wanted && value > 0 && value < Number.POSITIVE_INFINITY ? value : 0),
      adds: true,
    };
  }
  const shares = names.map((name) => (Object.hasOwn(objective, name) ? objective[name] : 0));
  return {
    label: Object.entries(objective)
      .map(([name, share]) => `${name} ${share}`)
      .join(", "),
    gain: (type, value) => (shares[type] > 0 && weights.of(type, value) > 0 ? shares[type] : 0),
    adds: false,
  };
}

/** Every event in favor of its item counts: for data with too few events of the objective. */
export function anyEvent(weights: EventWeighting): ResolvedObjective {
  return { label: "any event", gain: (type, value) => (weights.of(type, value) > 0 ? 1 : 0), adds: false };
}

function isByValue(objective: Exclude<Objective, string>): objective is { readonly type: string; readonly by: "value" } {
  return typeof (objective as { readonly type: unknown }).type === "string";
}

function ofType(name: string, names: readonly string[], weights: EventWeighting): ResolvedObjective {
  const wanted = names.indexOf(name);
  return { label: name, gain: (type, value) => (type === wanted && weights.of(type, value) > 0 ? 1 : 0), adds: false };
}

function strongestType(names: readonly string[], weights: EventWeighting, { length, type, value }: EventColumns): string {
  const sums = new Float64Array(names.length);
  const counts = new Float64Array(names.length);
  for (let i = 0; i < length; i++) {
    sums[type[i]] += weights.of(type[i], value[i]);
    counts[type[i]]++;
  }
  let best = 0;
  for (let t = 1; t < names.length; t++) if (sums[t] / (counts[t] || 1) > sums[best] / (counts[best] || 1)) best = t;
  return names[best] ?? "";
}
