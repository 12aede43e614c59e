import type { EventWeights } from "../../pipeline/event-weights.ts";
import type { ProjectStore } from "../../store/store.ts";
import type { ItemAudiences } from "./item-audiences.ts";
import { likedItems } from "./liked-items.ts";
import type { RankedUsers } from "./similar-users.ts";

/** Users whose whole histories are checked: those with the most neighbors of the item. */
const considered = 200;

/**
 * Finds users likely to want some items: those whose recent histories contain most of their neighbors,
 *
 *     s_u = sum over neighbors j in the history of u of s_j / sqrt(items in the history of u)
 *
 * which is item-based collaborative filtering (Sarwar et al. 2001) in reverse. Users who already have one of the items are left out.
 *
 * @param anchors indices of the items
 * @param neighbors similar items with their similarity, above 0; they need not be recommendable
 */
export function itemsToUsers(
  store: Pick<ProjectStore, "users" | "recent" | "older">,
  audiences: ItemAudiences,
  weights: EventWeights,
  anchors: Uint32Array,
  neighbors: { readonly items: Uint32Array; readonly scores: Float32Array },
  k: number,
): RankedUsers {
  const have = new Set(anchors);
  const similarities = new Map<number, number>();
  const sums = new Map<number, number>();
  for (let n = 0; n < neighbors.items.length; n++) {
    const item = neighbors.items[n];
    const weight = neighbors.scores[n];
    if (have.has(item) || !(weight > 0)) continue;
    similarities.set(item, weight);
    for (const user of new Set(audiences.of(item))) sums.set(user, (sums.get(user) ?? 0) + weight);
  }
  const likely = [...sums].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const found: { user: number; score: number }[] = [];
  let looked = 0;
  for (const [user] of likely) {
    if (looked === Math.max(considered, 4 * k)) break;
    const id = store.users.id(user);
    if (id === undefined) continue;
    looked++;
    if (store.recent(id).item.some((known) => have.has(known)) || store.older(id)?.item.some((known) => have.has(known))) continue;
    const history = likedItems(store, weights, id);
    let sum = 0;
    for (const other of history) sum += similarities.get(other) ?? 0;
    if (sum > 0) found.push({ user, score: sum / Math.sqrt(history.length) });
  }
  found.sort((a, b) => b.score - a.score || a.user - b.user);
  const best = found.slice(0, k);
  return { users: Uint32Array.from(best, ({ user }) => user), scores: Float32Array.from(best, ({ score }) => score) };
}
