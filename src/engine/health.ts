import type { ProjectStore } from "../store/store.ts";
import type { Declarations } from "./declarations.ts";
import type { ProjectEngine } from "./engine.ts";

/** Ids of unknown items to remember. */
const REMEMBERED = 10;

/** Tells what is noticeable about a project. */
export function healthVerbs(
  store: Pick<ProjectStore, "stats" | "catalog" | "listUsers">,
  declarations: Declarations,
): Pick<ProjectEngine, "health" | "countUnknown"> {
  let events = 0;
  let ids: string[] = [];
  return {
    health() {
      const counts = new Map(store.stats().eventTypes.map(({ type, count }) => [type, count]));
      const present = [...counts.keys()].filter((type) => counts.get(type) !== 0);
      return {
        undeclared: [
          ...declarations.among("event", present).map((one) => ({ ...one, events: counts.get(one.name) ?? 0 })),
          ...declarations.among("item", Object.keys(store.catalog.schema)),
        ],
        unknownItems: { events, ids: [...ids] },
      };
    },
    countUnknown(items) {
      events += items.length;
      ids = [...new Set([...items.slice(-REMEMBERED).toReversed(), ...ids])].slice(0, REMEMBERED);
    },
  };
}
