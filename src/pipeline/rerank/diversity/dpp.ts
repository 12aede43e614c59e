import type { ItemSimilarity } from "../item-similarity.ts";
import type { Adjustment } from "../select.ts";
import { defineDiversity } from "./define-diversity.ts";

export const dpp = defineDiversity({
  kind: "dpp",
  description: "Greedy determinantal point process (Chen et al. 2018): variety of the list as a whole.",
  options: {},
  create: (similarity, members, { strength }) => determinantalPointProcess(similarity, members, strength),
});

/** Below this the volume that an item adds counts as this: copies of listed items are all alike bad. */
const SMALLEST = 1e-10;

/**
 * Greedy maximum of a determinantal point process: the next item is the one with the largest
 *
 *     (1 - strength) * relevance + strength * log(d²)
 *
 * where d² is the factor by which the item raises the determinant of the similarities of the list: 1 for an item unlike all that are listed
 * together, 0 for a copy of one. Kept up to date by one row of a Cholesky factorization an item, so a list of k out of n costs O(n k²).
 *
 * Source: Chen, Zhang and Zhou 2018 (algorithm 1, and equation 14 with theta = 1 - strength).
 *
 * @param members how many there are
 */
export function determinantalPointProcess(similarity: ItemSimilarity, members: number, strength: number): Adjustment {
  const gain = new Float64Array(members).fill(1);
  const rows: Float64Array[] = [];
  const toNew = new Float64Array(members);
  return {
    adjust: (value, position) => (1 - strength) * value + strength * Math.log(Math.max(SMALLEST, gain[position])),
    add(position) {
      const root = Math.sqrt(gain[position]);
      // A copy of what is listed adds no direction of its own.
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
