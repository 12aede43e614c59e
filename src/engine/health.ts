import type { ProjectStore } from "../store/store.ts";
import type { Declarations } from "./declarations.ts";
import type { ProjectEngine } from "./engine.ts";
import type { SuddenRise } from "./learning/rising-watch.ts";

/** Ids to tell of. */
const REMEMBERED = 10;

/** Tells what is noticeable about a project. */
export function healthVerbs(
  store: Pick<ProjectStore, "stats" | "catalog" | "items">,
  declarations: Declarations,
  rises: (now: number) => readonly SuddenRise[],
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
        suddenRises: rises(Date.now())
          .slice(0, REMEMBERED)
          .map(({ item, ...counts }) => ({ item: store.items.id(item) ?? "", ...counts })),
        unknownItems: { events, ids: [...ids] },
      };
    },
    countUnknown(items) {
      events += items.length;
      ids = [...new Set([...items.slice(-REMEMBERED).toReversed(), ...ids])].slice(0, REMEMBERED);
    },
  };
}
