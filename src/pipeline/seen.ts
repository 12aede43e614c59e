import type { ItemTypeTimes } from "../data/event-columns.ts";
import type { EventWeights } from "./event-weights.ts";

/** Items that lists leave out for a user. */
export interface LeftOut {
  /** Those that count as seen; lists of seen items have them. May contain duplicates. */
  readonly seen: Uint32Array;
  /** Those that the user hid, which no list has. May contain duplicates. */
  readonly hidden: Uint32Array;
}

const SEEN = 1;
const HIDES = 2;
const TAKES = 4;
const UNKNOWN = 8;

/**
 * The items a user has seen or hidden, without those whose events were taken back since.
 *
 * @param parts a user's events, or the newest of each item and type; each part is assumed to be newer than the next
 * @param seenBy indices of the event types that mark an item as seen. Default: all but those that only take others back
 */
export function leftOut(parts: readonly ItemTypeTimes[], weights: EventWeights, seenBy: readonly number[] | undefined): LeftOut {
  const roles = new Uint8Array(256).fill(UNKNOWN);
  let events = 0;
  const types: number[] = [];
  for (const { length, type } of parts) {
    events += length;
    for (let e = 0; e < length; e++) {
      if (roles[type[e]] !== UNKNOWN) continue;
      roles[type[e]] = roleOf(type[e], weights, seenBy);
      types.push(type[e]);
    }
  }
  const taking = types.filter((type) => types.some((other) => weights.undoes?.(type, other)));
  for (const type of taking) roles[type] |= TAKES;
  const left = { seen: new Uint32Array(events), hidden: [] as number[] };
  let seen = 0;
  const takers = taking.length > 0 ? new Map<number, number[]>() : undefined;
  for (const part of parts) {
    const { length, item, type } = part;
    const order = takers === undefined ? undefined : newestFirst(part, roles);
    for (let at = 0; at < length; at++) {
      const e = order === undefined ? at : order[at];
      const role = roles[type[e]];
      if (role === 0 || (takers !== undefined && isTakenBack(takers, item[e], type[e], role, weights))) continue;
      if (role & SEEN) left.seen[seen++] = item[e];
      if (role & HIDES) left.hidden.push(item[e]);
    }
  }
  return { seen: left.seen.subarray(0, seen), hidden: Uint32Array.from(left.hidden) };
}

function roleOf(type: number, weights: EventWeights, seenBy: readonly number[] | undefined): number {
  const sees = seenBy === undefined ? weights.retracts?.(type) !== true : seenBy.includes(type);
  return (sees ? SEEN : 0) | (weights.hides?.(type) === true ? HIDES : 0);
}

/** Whether a newer event takes this one back; if none does, the event may take back older ones. */
function isTakenBack(takers: Map<number, number[]>, item: number, type: number, role: number, weights: EventWeights): boolean {
  const newer = takers.get(item);
  if (newer?.some((taker) => weights.undoes?.(taker, type))) return true;
  if ((role & TAKES) === 0) return false;
  if (newer === undefined) takers.set(item, [type]);
  else newer.push(type);
  return false;
}

/** Of equal times, in the given order; but in no order, what takes back comes first. */
function newestFirst({ length, type, time }: ItemTypeTimes, roles: Uint8Array): Uint32Array | undefined {
  let sorted = true;
  for (let e = 1; e < length && sorted; e++) sorted = !(time[e] > time[e - 1]);
  if (sorted) return undefined;
  const takes = (e: number) => roles[type[e]] & TAKES;
  return Uint32Array.from({ length }, (_, e) => e).sort((a, b) => time[b] - time[a] || takes(b) - takes(a) || a - b);
}
