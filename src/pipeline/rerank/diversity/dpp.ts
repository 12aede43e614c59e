import type { ItemSimilarity } from "../item-similarity.ts";
import type { Adjustment } from "../select.ts";
import { defineDiversity } from "./define-diversity.ts";

export const dpp = defineDiversity({
  kind: "dpp",
  description: "Greedy determinantal point process (Chen et al. 2018): diversifies the list as a whole.",
  options: {},
  create: (similarity, members, { strength }) => determinantalPointProcess(similarity, members, strength),
});

/** Lower limit for the volume an item adds, so that all copies of listed items are equally bad. */
const SMALLEST = 1e-10;

/**
 * Greedy maximum of a determinantal point process: the next item is the one with the largest
 *
 *     (1 - strength) * relevance + strength * log(d²)
 *
 * where d² is the factor by which the item changes the determinant of the list's similarity matrix: 1 if it is unlike all listed items, 0
 * for a copy of one. It is updated with one row of a Cholesky factorization per item, so a list of k out of n costs O(n k²).
 *
 * Source: Chen, Zhang and Zhou 2018 (algorithm 1, and equation 14 with theta = 1 - strength).
 *
 * @param members number of eligible items
 */
export function determinantalPointProcess(similarity: ItemSimilarity, members: number, strength: number): Adjustment {
  const gain = new Float64Array(members).fill(1);
  const rows: Float64Array[] = [];
  const toNew = new Float64Array(members);
  return {
    adjust: (value, position) => (1 - strength) * value + strength * Math.log(Math.max(SMALLEST, gain[position])),
    add(position) {
      const root = Math.sqrt(gain[position]);
      // A copy of a listed item adds no new direction.
      if (!(root * root > SMALLEST)) return;
      similarity.toAll(position, toNew);
      for (const row of rows) {
        const factor = row[position];
        for (let i = 0; i < members; i++) toNew[i] -= factor * row[i];
      }
      const row = new Float64Array(members);
      for (let i = 0; i < members; i++) {
        row[i] = toNew[i] / root;
        gain[i] -= row[i] * row[i];
      }
      rows.push(row);
    },
  };
}
