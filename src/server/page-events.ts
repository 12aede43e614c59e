import { hash } from "node:crypto";
import type { EventInput } from "../data/events.ts";
import type { IngestResult, ProjectEngine } from "../engine/engine.ts";
import { RecoError } from "../util/errors.ts";

/** Longest idempotency key that still fits with the prefix. */
const LONGEST_KEY = 500;
/** What a page can claim: events per request, how long ago they were in milliseconds, and how large their values are. */
const MOST_EVENTS = 1000;
const OLDEST = 86_400_000;
const LARGEST = 10_000_000;

/**
 * Stores events sent with a browser key. Anyone can take that key from a page, so such events can't add items: those about items that the
 * project doesn't know from a secret key, an import or the configuration are refused. Their idempotency keys are separate from those of
 * secret keys, so a page can't use up the key of an event that the backend has yet to send. Times and values are believed within limits.
 *
 * @param user whom the page's token names; its events must be theirs
 * @throws RecoError `too-large` for more events than a page needs to send at once
 */
export async function ingestPageEvents(
  project: Pick<ProjectEngine, "ingest" | "store" | "countUnknown">,
  events: readonly EventInput[],
  user?: string,
): Promise<IngestResult> {
  const { items } = project.store;
  if (events.length > MOST_EVENTS)
    throw new RecoError(
      "too-large",
      `A browser key can send at most ${MOST_EVENTS.toLocaleString("en")} events per request. Send fewer, or use a secret key.`,
    );
  const now = Date.now();
  const unknown = (event: Partial<EventInput> | null) =>
    typeof event?.item === "string" && event.item !== "" && items.indexOf(event.item) < 0;
  // Another server may have added the item. If the database doesn't respond, storing the events reports it.
  if (events.some(unknown)) await project.store.refresh().catch(() => {});
  const places: number[] = [];
  const refused: IngestResult["refused"][number][] = [];
  for (const [index, event] of events.entries()) {
    const flaw = claimFlaw(event, user, now);
    if (flaw !== undefined) refused.push({ index, ...flaw });
    else if (unknown(event))
      refused.push({
        index,
        path: "/item",
        message: `unknown item ${JSON.stringify(event.item.slice(0, 100))}. A browser key can't add items: send the item's properties or an event about it with a secret key first.`,
      });
    else places.push(index);
  }
  const strangers = refused.filter(({ path }) => path === "/item");
  if (strangers.length > 0) project.countUnknown(strangers.map(({ index }) => events[index].item));
  if (places.length === 0) return { accepted: 0, duplicates: 0, refused };
  const result = await project.ingest(places.map((index) => withPageKey(events[index])));
  for (const flaw of result.refused) refused.push({ ...flaw, index: places[flaw.index] });
  return { ...result, refused: refused.sort((a, b) => a.index - b.index) };
}

/** What a page can't claim. What isn't a time or a value at all is left to the check of events. */
function claimFlaw(
  event: Partial<EventInput> | null,
  user: string | undefined,
  now: number,
): { readonly path: string; readonly message: string } | undefined {
  const { time, value } = event ?? {};
  if (user !== undefined && event?.user !== user) return { path: "/user", message: "The event is of another user than the user token." };
  const at = typeof time === "string" ? Date.parse(time) : time;
  if (typeof at === "number" && at < now - OLDEST)
    return {
      path: "/time",
      message: "time is more than a day ago. A browser key sends what just happened; use a secret key for older events.",
    };
  if (typeof value === "number" && Math.abs(value) > LARGEST)
    return { path: "/value", message: `value is beyond ±${LARGEST.toLocaleString("en")}. Use a secret key for such values.` };
  return undefined;
}

function withPageKey(event: EventInput): EventInput {
  // The check of the event reports an invalid key.
  if (typeof event?.key !== "string" || event.key === "") return event;
  return { ...event, key: `browser:${event.key.length > LONGEST_KEY ? hash("sha256", event.key) : event.key}` };
}
