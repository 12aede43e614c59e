import type { EventWeights } from "../../pipeline/event-weights.ts";
import { activityOf } from "../../pipeline/history.ts";
import type { ProjectStore } from "../../store/store.ts";

/** The items that a user's newest events speak for, newest first: without those disliked or taken back. */
export function likedItems(store: Pick<ProjectStore, "recent">, weights: EventWeights, user: string): Uint32Array {
  return activityOf(store.recent(user), undefined, weights, []).history.items;
}
