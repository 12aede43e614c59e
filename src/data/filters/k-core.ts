import { RecoError } from "../../util/errors.ts";
import type { Dataset } from "../dataset.ts";
import { compact } from "./compact.ts";
import { rowsWhere } from "./rows-where.ts";

/**
 * The largest part of the data in which every user has at least `user` different items and every item at least `item` different users
 * (Seidman 1983, on the bipartite graph): users and items below are taken out in turn until none is left. The vocabularies keep just
 * those that stay.
 *
 * @param options both thresholds are whole numbers from 1 (which filters nothing); 5 by default
 * @throws RecoError `bad-option`; `empty-data` when nothing is left
 */
export function kCore(data: Dataset, options: { readonly user?: number; readonly item?: number } = {}): Dataset {
  const { user = 5, item = 5 } = options;
  for (const [name, value] of Object.entries({ user, item }))
    if (!Number.isInteger(value) || value < 1)
      throw new RecoError("bad-option", `The ${name} threshold of a k-core is a whole number from 1, not ${value}.`);
  const ofUser = data.byUser();
  const ofItem = data.byItem();
  const users = {
    degrees: degrees(ofUser.offsets, ofUser.indices),
    least: user,
    gone: new Uint8Array(data.users.size),
    neighbours: ofUser,
  };
  const items = {
    degrees: degrees(ofItem.offsets, ofItem.indices),
    least: item,
    gone: new Uint8Array(data.items.size),
    neighbours: ofItem,
  };
  // What falls below its threshold takes one from the degree of its neighbours, each at most once: time linear in the interactions.
  const waiting: { side: typeof users; index: number }[] = [];
  for (const side of [users, items])
    for (let index = 0; index < side.degrees.length; index++)
      if (side.degrees[index] < side.least) {
        side.gone[index] = 1;
        waiting.push({ side, index });
      }
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { side, index } = next;
    const other = side === users ? items : users;
    const { offsets, indices } = side.neighbours;
    for (let i = offsets[index]; i < offsets[index + 1]; i++) {
      const neighbour = indices[i];
      if ((i > offsets[index] && indices[i - 1] === neighbour) || other.gone[neighbour] === 1) continue;
      if (--other.degrees[neighbour] < other.least) {
        other.gone[neighbour] = 1;
        waiting.push({ side: other, index: neighbour });
      }
    }
  }
  const { interactions } = data;
  const rows = rowsWhere(data.size, (row) => users.gone[interactions.user[row]] === 0 && items.gone[interactions.item[row]] === 0);
  if (rows.length === 0)
    throw new RecoError("empty-data", `No user has ${user} items that have ${item} users each: the k-core is empty. Lower the thresholds.`);
  return compact(data.select(rows, { step: "k-core", user, item }));
}

/** Different columns of each row: repeats count once. Columns are ascending in a row. */
function degrees(offsets: Uint32Array, indices: Uint32Array): Uint32Array {
  const counts = new Uint32Array(offsets.length - 1);
  for (let row = 0; row < counts.length; row++)
    for (let i = offsets[row]; i < offsets[row + 1]; i++) if (i === offsets[row] || indices[i] !== indices[i - 1]) counts[row]++;
  return counts;
}
