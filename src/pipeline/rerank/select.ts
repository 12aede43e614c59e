import type { CapCounts } from "./caps.ts";
import type { ShareCounts } from "./shares.ts";

/** Wishes decide the first places of a list, and scores the rest, since the cost of wishes grows with the square of the places. */
const WISHED = 100;

/** A wish beside relevance: diversity, calibration. Positions are those of the members. */
export interface Adjustment {
  /** What a member is worth as the next of the list, from what it was worth without this wish; relevance is in [0, 1]. */
  adjust(value: number, position: number): number;
  /** Told of each member that takes a place. */
  add(position: number): void;
}

/** What a list is made of. */
export interface Selecting {
  /** Item index by position: candidates from best to worst, then pinned items that are none. */
  readonly members: Uint32Array;
  /** How many of the members are candidates. */
  readonly candidates: number;
  /** In [0, 1] by position; falls with it. */
  readonly relevance: Float64Array;
  /** Position of the pinned member by place; as many as there are places. */
  readonly pinned: readonly (number | undefined)[];
  readonly caps: CapCounts;
  readonly shares: ShareCounts;
  readonly adjustments: readonly Adjustment[];
}

export interface Selected {
  /** Positions in the order of the list. Shorter than asked for when candidates run out, or caps leave none. */
  readonly list: number[];
  /** Why candidates were passed over, by position. */
  readonly blocked: ReadonlyMap<number, string>;
  /** Shares that a place was given for, by position. */
  readonly forced: ReadonlyMap<number, string>;
}

/**
 * Fills a list place by place with the member that is worth most at that time. Pinned members count from the start, wherever they stand:
 * in caps, in shares, and for diversity. Caps are never broken but by pins; shares give way to caps.
 */
export function select({ members, candidates, relevance, pinned, caps, shares, adjustments }: Selecting): Selected {
  const gone = new Uint8Array(members.length);
  const blocked = new Map<number, string>();
  const forced = new Map<number, string>();
  const list: number[] = [];

  const take = (position: number) => {
    gone[position] = 1;
    caps.add(members[position]);
    shares.add(position);
    if (list.length < WISHED) for (const adjustment of adjustments) adjustment.add(position);
  };

  /** The best candidate that has room under the caps, among those of any of some shares where these are given. */
  const best = (demanding: ReturnType<ShareCounts["demanding"]>): number | undefined => {
    let found: number | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (let position = 0; position < candidates; position++) {
      if (gone[position] === 1) continue;
      if (demanding.length > 0 && !demanding.some(({ holds }) => holds[position] === 1)) continue;
      if (!caps.admits(members[position])) {
        // A cap that is full stays full.
        gone[position] = 1;
        blocked.set(position, caps.reason(members[position]) ?? "");
        shares.drop(position);
        continue;
      }
      if (adjustments.length === 0 || list.length >= WISHED) return position;
      let value = relevance[position];
      for (const adjustment of adjustments) value = adjustment.adjust(value, position);
      if (value > most || found === undefined) {
        most = value;
        found = position;
      }
    }
    return found;
  };

  for (const position of pinned) if (position !== undefined) take(position);
  for (const pin of pinned) {
    if (pin !== undefined) {
      list.push(pin);
      continue;
    }
    const demanding = shares.demanding();
    const wanted = demanding.length > 0 ? best(demanding) : undefined;
    const chosen = wanted ?? best([]);
    if (chosen === undefined) continue;
    if (wanted !== undefined) forced.set(chosen, demanding.find(({ holds }) => holds[chosen] === 1)?.source ?? "");
    take(chosen);
    list.push(chosen);
  }
  return { list, blocked, forced };
}

/** Candidates that could stand beside the whole list and one another without breaking a cap, best first. */
export function sparesOf({ members, candidates, caps }: Selecting, list: readonly number[]): number[] {
  const listed = new Set(list);
  const spares: number[] = [];
  for (let position = 0; position < candidates; position++) {
    if (listed.has(position) || !caps.admits(members[position])) continue;
    caps.add(members[position]);
    spares.push(position);
  }
  return spares;
}
