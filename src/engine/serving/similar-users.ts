import type { EventWeights } from "../../pipeline/event-weights.ts";
import type { ProjectStore } from "../../store/store.ts";
import type { ItemAudiences } from "./item-audiences.ts";
import { likedItems } from "./liked-items.ts";

/** Users with scores, best first. */
export interface RankedUsers {
  /** User indices. */
  readonly users: Uint32Array;
  /** In (0, 1]. */
  readonly scores: Float32Array;
}

/** Items of the history to use, the newest; users to compare by their whole histories, those with the largest overlap. */
const newest = 100;
const compared = 200;

/**
 * The users whose recent histories are most similar to one history: the cosine of the sets of items, weighted by rarity (inverse document
 * frequency, Spärck Jones 1972), so that sharing a rare item counts for more than sharing a popular one.
 *
 * @param items indices of the items of the history, newest first
 * @param self the user whose history it is, left out of the result; -1 for an anonymous visitor
 */
export function similarUsers(
  store: Pick<ProjectStore, "users" | "recent">,
  audiences: ItemAudiences,
  weights: EventWeights,
  items: Uint32Array,
  self: number,
  k: number,
): RankedUsers {
  const rarities = new Map<number, number>();
  const rarity = (item: number) => {
    let known = rarities.get(item);
    if (known === undefined) {
      known = Math.log(1 + store.users.size / (1 + audiences.count(item))) ** 2;
      rarities.set(item, known);
    }
    return known;
  };
  const wanted = new Set(items.subarray(0, newest));
  const overlaps = new Map<number, number>();
  let square = 0;
  for (const item of wanted) {
    const weight = rarity(item);
    square += weight;
    for (const user of new Set(audiences.of(item))) if (user !== self) overlaps.set(user, (overlaps.get(user) ?? 0) + weight);
  }
  const nearest = [...overlaps].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, Math.max(compared, 2 * k));
  const found: { user: number; score: number }[] = [];
  for (const [user] of nearest) {
    const id = store.users.id(user);
    if (id === undefined) continue;
    let shared = 0;
    let own = 0;
    for (const other of likedItems(store, weights, id)) {
      const weight = rarity(other);
      own += weight;
      if (wanted.has(other)) shared += weight;
    }
    if (shared > 0) found.push({ user, score: shared / Math.sqrt(square * own) });
  }
  found.sort((a, b) => b.score - a.score || a.user - b.user);
  const best = found.slice(0, k);
  return { users: Uint32Array.from(best, ({ user }) => user), scores: Float32Array.from(best, ({ score }) => score) };
}
