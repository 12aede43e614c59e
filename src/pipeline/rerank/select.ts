import type { CapCounts } from "./caps.ts";
import type { ShareCounts } from "./shares.ts";

/** Adjustments only apply to this many first places, since their cost grows with the square of the list length. Scores decide the rest. */
const ADJUSTED = 100;

/** An adjustment of relevance, such as diversity or calibration. Positions refer to the members. */
export interface Adjustment {
  /** Adjusts a member's value as the next item of the list. Starts from its relevance, in [0, 1]. */
  adjust(value: number, position: number): number;
  /** Called for each member that is added to the list. */
  add(position: number): void;
}

/** The input for a list. */
export interface Selecting {
  /** Item index by position: candidates from best to worst, then pinned items that aren't candidates. */
  readonly members: Uint32Array;
  /** How many of the members are candidates. */
  readonly candidates: number;
  /** In [0, 1] by position, descending. */
  readonly relevance: Float64Array;
  /** Position of the pinned member at each place, one entry per place. */
  readonly pinned: readonly (number | undefined)[];
  readonly caps: CapCounts;
  readonly shares: ShareCounts;
  readonly adjustments: readonly Adjustment[];
}

export interface Selected {
  /** Positions in list order. Shorter than requested if candidates run out or caps exclude the rest. */
  readonly list: number[];
  /** Why candidates were passed over, by position. */
  readonly blocked: ReadonlyMap<number, string>;
  /** The share an item was placed for, by position. */
  readonly forced: ReadonlyMap<number, string>;
}

/**
 * Fills a list place by place with the most valuable remaining member. Pinned members count from the start for caps, shares and diversity.
 * Only pins can exceed caps, and caps take precedence over shares.
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
    if (list.length < ADJUSTED) for (const adjustment of adjustments) adjustment.add(position);
  };

  /** The best candidate that the caps admit. If shares are given, only candidates that belong to one of them. */
  const best = (demanding: ReturnType<ShareCounts["demanding"]>): number | undefined => {
    let found: number | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (let position = 0; position < candidates; position++) {
      if (gone[position] === 1) continue;
      if (demanding.length > 0 && !demanding.some(({ holds }) => holds[position] === 1)) continue;
      if (!caps.admits(members[position])) {
        // A full cap stays full.
        gone[position] = 1;
        blocked.set(position, caps.reason(members[position]) ?? "");
        shares.drop(position);
        continue;
      }
      if (adjustments.length === 0 || list.length >= ADJUSTED) return position;
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

/** Candidates that could all be added to the list without exceeding a cap, best first. */
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
