import { checkEvents, type EventInput } from "../data/events.ts";
import type { ProjectStore } from "../store/store.ts";
import type { Declarations } from "./declarations.ts";
import type { IngestResult } from "./engine.ts";

/**
 * Checks events one by one and appends the valid ones. They are on disk when it resolves.
 *
 * @param clock `skew` is how far ahead of `now` an event's time may be, in milliseconds; such a time is set to `now`
 */
export async function ingest(
  store: Pick<ProjectStore, "append" | "eventTypes">,
  events: readonly EventInput[],
  clock: { readonly now: number; readonly skew: number },
  declarations?: Declarations,
): Promise<IngestResult> {
  const { valid, refused } = checkEvents(
    events,
    clock,
    store.eventTypes,
    declarations?.strict ? (type) => declarations.refusal(type) : undefined,
  );
  const { accepted, duplicates } = valid.length > 0 ? await store.append(valid) : { accepted: 0, duplicates: 0 };
  const types = new Set<string>();
  if (declarations !== undefined) for (const { type } of valid) if (!declarations.knows("event", type)) types.add(type);
  const warnings = types.size === 0 ? undefined : declarations?.warnings("event", types);
  return { accepted, duplicates, refused, ...(warnings && { warnings }) };
}
