import { RecoError } from "../../util/errors.ts";
import type { Dataset } from "../dataset.ts";
import { rowsWhere } from "../interactions.ts";
import { compact } from "./compact.ts";

/**
 * The largest part of the data in which every user has at least `user` distinct items and every item at least `item` distinct users
 * (Seidman 1983, on the bipartite graph): users and items below their threshold are removed until none are left. The vocabularies keep only
 * the users and items that remain.
 *
 * @param options both thresholds are whole numbers of at least 1 (which filters nothing); 5 by default
 * @throws RecoError `bad-option`; `empty-data` if nothing is left
 */
export function kCore(data: Dataset, options: { readonly user?: number; readonly item?: number } = {}): Dataset {
  const { user = 5, item = 5 } = options;
  for (const [name, value] of Object.entries({ user, item }))
    if (!Number.isInteger(value) || value < 1)
      throw new RecoError("bad-option", `The ${name} threshold of a k-core must be a whole number of at least 1, not ${value}.`);
  const ofUser = data.byUser();
  const ofItem = data.byItem();
  const users = {
    degrees: degrees(ofUser.offsets, ofUser.indices),
    least: user,
    gone: new Uint8Array(data.users.size),
    neighbors: ofUser,
  };
  const items = {
    degrees: degrees(ofItem.offsets, ofItem.indices),
    least: item,
    gone: new Uint8Array(data.items.size),
    neighbors: ofItem,
  };
  // Each node that falls below its threshold lowers the degree of its neighbors by one, at most once each: linear in the interactions.
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
    const { offsets, indices } = side.neighbors;
    for (let i = offsets[index]; i < offsets[index + 1]; i++) {
      const neighbor = indices[i];
      if ((i > offsets[index] && indices[i - 1] === neighbor) || other.gone[neighbor] === 1) continue;
      if (--other.degrees[neighbor] < other.least) {
        other.gone[neighbor] = 1;
        waiting.push({ side: other, index: neighbor });
      }
    }
  }
  const { interactions } = data;
  const rows = rowsWhere(data.size, (row) => users.gone[interactions.user[row]] === 0 && items.gone[interactions.item[row]] === 0);
  if (rows.length === 0)
    throw new RecoError("empty-data", `The k-core is empty: no users have ${user} items with ${item} users each. Lower the thresholds.`);
  return compact(data.select(rows, { step: "k-core", user, item }));
}

/** Number of distinct columns in each row. Columns are ascending within a row. */
function degrees(offsets: Uint32Array, indices: Uint32Array): Uint32Array {
  const counts = new Uint32Array(offsets.length - 1);
  for (let row = 0; row < counts.length; row++)
    for (let i = offsets[row]; i < offsets[row + 1]; i++) if (i === offsets[row] || indices[i] !== indices[i - 1]) counts[row]++;
  return counts;
}
