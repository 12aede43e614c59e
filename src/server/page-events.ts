import { hash } from "node:crypto";
import type { EventInput } from "../data/events.ts";
import type { IngestResult, ProjectEngine } from "../engine/engine.ts";

/** Longest idempotency key that still fits with the prefix. */
const LONGEST_KEY = 500;

/**
 * Stores events sent with a browser key. Anyone can take that key from a page, so such events can't add items: those about items that the
 * project doesn't know from a secret key, an import or the configuration are refused. Their idempotency keys are separate from those of
 * secret keys, so a page can't use up the key of an event that the backend has yet to send.
 */
export async function ingestPageEvents(
  project: Pick<ProjectEngine, "ingest" | "store" | "countUnknown">,
  events: readonly EventInput[],
): Promise<IngestResult> {
  const { items } = project.store;
  const unknown = (event: Partial<EventInput> | null) =>
    typeof event?.item === "string" && event.item !== "" && items.indexOf(event.item) < 0;
  // Another server may have added the item. If the database doesn't respond, storing the events reports it.
  if (events.some(unknown)) await project.store.refresh().catch(() => {});
  const places: number[] = [];
  const refused: IngestResult["refused"][number][] = [];
  for (const [index, event] of events.entries()) {
    if (unknown(event))
      refused.push({
        index,
        path: "/item",
        message: `unknown item ${JSON.stringify(event.item.slice(0, 100))}. A browser key can't add items: send the item's properties or an event about it with a secret key first.`,
      });
    else places.push(index);
  }
  if (refused.length > 0) project.countUnknown(refused.map(({ index }) => events[index].item));
  if (places.length === 0) return { accepted: 0, duplicates: 0, refused };
  const result = await project.ingest(places.map((index) => withPageKey(events[index])));
  for (const flaw of result.refused) refused.push({ ...flaw, index: places[flaw.index] });
  return { ...result, refused: refused.sort((a, b) => a.index - b.index) };
}

function withPageKey(event: EventInput): EventInput {
  // The check of the event reports an invalid key.
  if (typeof event?.key !== "string" || event.key === "") return event;
  return { ...event, key: `browser:${event.key.length > LONGEST_KEY ? hash("sha256", event.key) : event.key}` };
}
