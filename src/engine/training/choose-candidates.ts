import { totalmem } from "node:os";
import type { Proposal } from "../../model/definition.ts";
import type { OptionSpecs } from "../../model/options.ts";
import type { DataShape } from "../../model/shape.ts";
import type { ModelChoice } from "../config/config.ts";
import type { ModelTable } from "./model-table.ts";

/** A model to try. */
export interface Candidate {
  readonly model: string;
  readonly options: NonNullable<ModelChoice["options"]>;
  /** Share of the events to fit it on, the newest, in (0, 1]; all if absent. */
  readonly newest?: number | undefined;
  /** Rough estimate of the fit time on one thread, for the time budget. */
  readonly seconds: number;
}

export interface Choice {
  readonly candidates: readonly Candidate[];
  /** Why these were chosen. */
  readonly reason: string;
  /** Models that could not be tried on this data, and why. */
  readonly leftOut: readonly { readonly model: string; readonly reason: string }[];
}

/** Below these sizes there is nothing personal to learn, or to tell from chance. */
const FEWEST = { pairs: 500, users: 20, items: 10 } as const;
/** Share of the machine's memory that a model may use. */
const SHARE_OF_MEMORY = 1 / 4;

/**
 * The models that suit the data (`suits` in their definitions), cheapest first, including your own. With too little data, only models that
 * give everyone the same list are tried.
 *
 * A model is left out if the data lacks what it needs, or if it would use more than a quarter of the memory.
 */
export function chooseCandidates(shape: DataShape, models: ModelTable, memory = totalmem()): Choice {
  const { users, items, pairs } = shape;
  const few = pairs < FEWEST.pairs || users < FEWEST.users || items < FEWEST.items;
  const candidates: Candidate[] = [];
  const leftOut: { model: string; reason: string }[] = [];
  for (const [model, { definition }] of Object.entries(models)) {
    const { suits, needs = [], ignoresHistory } = definition;
    if (suits === undefined || (few && !ignoresHistory)) continue;
    const missing = needs.filter((need) => !shape.has.includes(need));
    if (missing.length > 0) {
      leftOut.push({ model, reason: `It needs ${missing.join(", ")}, which the project does not have.` });
      continue;
    }
    const proposals: readonly Proposal<OptionSpecs>[] = [suits.call(definition, shape) ?? []].flat();
    for (const proposal of proposals) {
      const { options, seconds, bytes, newest } = proposal;
      if (bytes > memory * SHARE_OF_MEMORY)
        leftOut.push({ model, reason: `It needs ${gigabytes(bytes)}, more than a quarter of this machine's memory.` });
      else candidates.push({ model, options: options as Candidate["options"], seconds, ...(newest !== undefined && { newest }) });
    }
  }
  candidates.sort((a, b) => a.seconds - b.seconds);
  const names = [...new Set(candidates.map(({ model }) => model))].join(", ");
  const size = `${count(pairs, "pair")} of ${count(users, "user")} and ${count(items, "item")}`;
  const reason = few
    ? `${names[0]?.toUpperCase()}${names.slice(1)} only: ${size} are too few to personalize; the minimum is ${FEWEST.pairs} pairs, ${FEWEST.users} users and ${FEWEST.items} items.`
    : `${names} suit ${size}.`;
  return { candidates, reason, leftOut };
}

function count(n: number, one: string): string {
  return `${n.toLocaleString("en")} ${one}${n === 1 ? "" : "s"}`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
