import type { Csr } from "../csr.ts";

/** Users whose histories have all or nearly all items in common. */
export interface AlikeGroup {
  readonly users: number[];
  /** Items in the history of the first user, without common ones. */
  readonly items: number;
  readonly identical: boolean;
}

const SHORTEST_HISTORY = 10;
/** Items that a larger share of users have are ignored: honest histories share them too, such as items that everyone is shown first. */
const COMMON_ITEM = 0.1;
/** Jaccard similarity from which two histories count as alike. */
const ALIKE = 0.8;
/** At a similarity of .8, 8 bands of 4 hashes find a pair with probability 1 - (1 - .8^4)^8 = .985. */
const BANDS = 8;
const ROWS = 4;

/**
 * Groups of users with alike histories, ignoring items that a large share of users have. Uses min-wise hashing (Broder 1997) in bands, and then
 * compares every candidate pair in full. Each user is in at most one group.
 */
export function alikeHistories(histories: Csr): AlikeGroup[] {
  const byUser = withoutCommon(histories);
  const long: number[] = [];
  for (let user = 0; user < byUser.rows; user++) if (byUser.offsets[user + 1] - byUser.offsets[user] >= SHORTEST_HISTORY) long.push(user);
  const leader = new Map<number, number>();
  const exact = new Map<number, boolean>();
  const hashes = new Uint32Array(long.length);
  const minima = new Uint32Array(long.length);
  for (let band = 0; band < BANDS; band++) {
    hashes.fill(0);
    for (let row = 0; row < ROWS; row++) {
      minimumHashes(byUser, long, band * ROWS + row, minima);
      for (let i = 0; i < long.length; i++) hashes[i] = Math.imul(hashes[i] ^ minima[i], 0x85ebca6b) ^ (hashes[i] >>> 15);
    }
    // Comparing each only with the first of its bucket keeps the work linear, whatever the size of the bucket.
    const first = new Map<number, number>();
    for (let i = 0; i < long.length; i++) {
      const user = long[i];
      const candidate = first.get(hashes[i]);
      if (candidate === undefined) {
        first.set(hashes[i], user);
        continue;
      }
      const root = rootOf(leader, candidate);
      if (rootOf(leader, user) === root) continue;
      const similarity = jaccard(byUser, candidate, user);
      if (similarity < ALIKE) continue;
      const other = rootOf(leader, user);
      leader.set(Math.max(root, other), Math.min(root, other));
      const both = (exact.get(root) ?? true) && (exact.get(other) ?? true);
      exact.set(Math.min(root, other), both && similarity === 1);
    }
  }
  const groups = new Map<number, number[]>();
  for (const user of long) {
    const root = rootOf(leader, user);
    const group = groups.get(root);
    if (group) group.push(user);
    else groups.set(root, [user]);
  }
  return [...groups]
    .filter(([, users]) => users.length > 1)
    .map(([root, users]) => ({ users, items: byUser.offsets[root + 1] - byUser.offsets[root], identical: exact.get(root) ?? false }))
    .sort((a, b) => b.users.length - a.users.length || a.users[0] - b.users[0]);
}

/** Distinct items of each history, without common ones. With few users every item would be common, so none are left out. */
function withoutCommon({ rows, columns, offsets, indices }: Csr): Pick<Csr, "rows" | "offsets" | "indices"> {
  const users = new Uint32Array(columns);
  const repeats = (row: number, at: number) => at > offsets[row] && indices[at] === indices[at - 1];
  for (let row = 0; row < rows; row++) for (let at = offsets[row]; at < offsets[row + 1]; at++) if (!repeats(row, at)) users[indices[at]]++;
  const most = Math.max(20, COMMON_ITEM * rows);
  const kept = new Uint32Array(indices.length);
  const ends = new Uint32Array(rows + 1);
  let size = 0;
  for (let row = 0; row < rows; row++) {
    for (let at = offsets[row]; at < offsets[row + 1]; at++)
      if (!repeats(row, at) && users[indices[at]] <= most) kept[size++] = indices[at];
    ends[row + 1] = size;
  }
  return { rows, offsets: ends, indices: kept.subarray(0, size) };
}

type Histories = Pick<Csr, "offsets" | "indices">;

function rootOf(leader: Map<number, number>, user: number): number {
  let root = user;
  for (let next = leader.get(root); next !== undefined; next = leader.get(root)) root = next;
  return root;
}

function minimumHashes(byUser: Histories, users: number[], seed: number, out: Uint32Array): void {
  const salt = Math.imul(seed + 1, 0x9e3779b1);
  for (let i = 0; i < users.length; i++) {
    let least = 0xffffffff;
    for (let at = byUser.offsets[users[i]]; at < byUser.offsets[users[i] + 1]; at++) {
      let hash = Math.imul(byUser.indices[at] + salt, 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
      hash = (hash ^ (hash >>> 16)) >>> 0;
      if (hash < least) least = hash;
    }
    out[i] = least;
  }
}

/** Size of the intersection divided by the size of the union. */
function jaccard({ offsets, indices }: Histories, a: number, b: number): number {
  let i = offsets[a];
  let j = offsets[b];
  let common = 0;
  let union = 0;
  while (i < offsets[a + 1] || j < offsets[b + 1]) {
    const left = i < offsets[a + 1] ? indices[i] : Number.POSITIVE_INFINITY;
    const right = j < offsets[b + 1] ? indices[j] : Number.POSITIVE_INFINITY;
    union++;
    if (left === right) common++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return common / union;
}
