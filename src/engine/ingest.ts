import type { EventInput, ProjectStore } from "../store/store.ts";
import { eventProblem } from "./check-event.ts";
import type { IngestResult } from "./engine.ts";

/** How many names of event types a store keeps. */
const mostTypes = 256;

/**
 * Checks events one by one and appends those that are usable. On disk when it resolves.
 *
 * @param skew how far the time of an event may lie ahead of `now`, in milliseconds; such a time is set back to `now`
 */
export async function ingest(
  store: Pick<ProjectStore, "append" | "eventTypes">,
  events: readonly EventInput[],
  { now, skew }: { readonly now: number; readonly skew: number },
): Promise<IngestResult> {
  const usable: EventInput[] = [];
  const refused: { index: number; message: string }[] = [];
  const types = new Set(store.eventTypes);
  for (let index = 0; index < events.length; index++) {
    const event = events[index];
    const message = eventProblem(event, now, skew) ?? typeProblem(types, event.type);
    if (message !== undefined) {
      refused.push({ index, message });
      continue;
    }
    types.add(event.type);
    usable.push(event.time > now ? { ...event, time: now } : event);
  }
  const { accepted, duplicates } = usable.length > 0 ? await store.append(usable) : { accepted: 0, duplicates: 0 };
  return { accepted, duplicates, refused };
}

function typeProblem(types: ReadonlySet<string>, type: string): string | undefined {
  if (types.size < mostTypes || types.has(type)) return undefined;
  return `The project has ${mostTypes} types of events, the most there can be, and ${JSON.stringify(type)} is none of them. Put what varies into context.`;
}
