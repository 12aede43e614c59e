import type { Csr } from "../data/csr.ts";

/** Groups of users or items, by name. `group[i]` is the group of user row or item i. */
export interface Groups {
  readonly names: readonly string[];
  readonly group: Uint8Array;
}

/** Number of groups for users with a history. */
const HISTORY_PARTS = 5;

/**
 * Users by the number of items in their history: those with none (`0, cold`), and the others in up to five groups of about equal size, named by
 * their bounds (`1-8`, `9-20`, …). Users with the same length are always in the same group, so there may be fewer groups.
 */
export function byHistoryLength(users: Uint32Array, history: Csr): Groups {
  const lengths = users.map((user) => history.offsets[user + 1] - history.offsets[user]);
  const warm = lengths.filter((length) => length > 0).sort();
  const bounds: number[] = [];
  for (let part = 1; part <= HISTORY_PARTS && warm.length > 0; part++) {
    const upper = warm[Math.ceil((part * warm.length) / HISTORY_PARTS) - 1];
    if (upper !== bounds.at(-1)) bounds.push(upper);
  }
  const names = bounds.map((upper, i) => {
    const lower = i === 0 ? warm[0] : warm.find((length) => length > bounds[i - 1]);
    return lower === upper ? `${upper}` : `${lower}-${upper}`;
  });
  const cold = warm.length < lengths.length;
  const shift = cold ? 1 : 0;
  const group = Uint8Array.from(lengths, (length) => (length === 0 ? 0 : shift + bounds.findIndex((upper) => length <= upper)));
  return { names: cold ? ["0, cold", ...names] : names, group };
}

/**
 * Items by training users, from the most popular down: `head` has the items that together have the first third of all training interactions, `mid`
 * the second, `tail` the rest, including items that nobody has chosen yet.
 */
export function byItemPopularity(popularity: Uint32Array, mostPopular: Uint32Array): Groups {
  const total = popularity.reduce((sum, count) => sum + count, 0);
  const group = new Uint8Array(popularity.length);
  let before = 0;
  for (const item of mostPopular) {
    group[item] = popularity[item] === 0 ? 2 : Math.min(2, Math.floor((3 * before) / total));
    before += popularity[item];
  }
  return { names: ["head", "mid", "tail"], group };
}
