import type { EventInput, ValidEvent } from "../../data/events.ts";

/** An event that nobody checks. */
export interface Unchecked extends EventInput {
  readonly time: number;
}

/** Events as if they were checked, for tests of what comes after: times may count from 0, which reads better. */
export function unchecked(events: readonly Unchecked[]): readonly ValidEvent[] {
  return events as readonly ValidEvent[];
}
