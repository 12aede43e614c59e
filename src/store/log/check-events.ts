import { RecoError } from "../../util/errors.ts";
import type { EventInput } from "../store.ts";

/** The greatest 32-bit float. */
const GREATEST = 3.4028234663852886e38;

/** Refuses what columns cannot hold; whether events make sense is for others to say. @throws RecoError `bad-input` */
export function checkEvents(events: readonly EventInput[]): void {
  for (let i = 0; i < events.length; i++) {
    const { user, item, type, value, time } = events[i];
    if (!isText(user)) throw unusable(i, "user", "an id, as text");
    if (!isText(item)) throw unusable(i, "item", "an id, as text");
    if (!isText(type)) throw unusable(i, "type", "the name of an event type");
    if (!Number.isFinite(time)) throw unusable(i, "time", "milliseconds since 1970");
    if (value !== undefined && !(Math.abs(value) <= GREATEST)) throw unusable(i, "value", "a finite number within ±3.4e38");
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function unusable(index: number, field: string, wanted: string): RecoError {
  return new RecoError("bad-input", `Event ${index} of the batch has no usable ${field}. Give ${wanted}.`);
}
