import { describeSegment, readSegment } from "../../store/segment.ts";
import type { Impression, ProjectStore } from "../../store/store.ts";
import { timeOfRecommendation } from "../serving/recommendation-id.ts";
import type { ResolvedObjective } from "../training/objective.ts";

/** Attribution window in milliseconds: an event counts for a list shown at most this long before. */
const WINDOW = 86_400_000;
/** A list without events that is younger than this is not judged yet: its user may still be looking at it. */
const RIPE = 30_000;
/** Impressions between two pauses. */
const TURN = 200;

/** An impression and its outcome. */
export interface Outcome {
  readonly impression: Impression;
  /** The gain of each item in the list, by the objective; 0 if there was no event. */
  readonly gains: Float32Array;
}

export interface Outcomes {
  /** Oldest first. */
  readonly outcomes: readonly Outcome[];
  /** How many impressions there were. */
  readonly seen: number;
  /** Those left out because they are too recent to judge. */
  readonly unripe: number;
}

/**
 * The newest impressions with their outcomes. An event is attributed to the list whose id it carries, if the list contained the item and
 * was at most a day old, unless the user took it back since.
 *
 * @param from skip lists shown before this time, milliseconds since 1970
 * @param most maximum number of impressions, the newest
 * @param pause awaited often, to let other work run
 */
export async function outcomesOf(
  store: Pick<ProjectStore, "segments" | "impressions" | "items" | "eventTypes">,
  objective: Pick<ResolvedObjective, "gain" | "adds" | "takesBack">,
  { from, now, most, pause }: { readonly from: number; readonly now: number; readonly most: number; readonly pause: () => Promise<void> },
): Promise<Outcomes> {
  const taken = await takenSince(store, objective, from, pause);
  const kept: Outcome[] = [];
  let seen = 0;
  let unripe = 0;
  for await (const impression of store.impressions(from)) {
    if (seen++ % TURN === 0) await pause();
    const events = taken.get(impression.id);
    if (events === undefined && impression.time > now - RIPE) {
      unripe++;
      continue;
    }
    kept[seen % most] = { impression, gains: gainsOf(impression, events, store, objective.adds) };
  }
  return { outcomes: kept.filter((outcome) => outcome !== undefined).sort((a, b) => a.impression.time - b.impression.time), seen, unripe };
}

interface Taken {
  readonly user: number;
  readonly item: number;
  readonly type: number;
  readonly time: number;
  gain: number;
}

/** An event that may take others back. */
type Taker = Omit<Taken, "gain"> & { readonly value: number };

/** The events attributed to each list, by its id. */
async function takenSince(
  store: Pick<ProjectStore, "segments" | "eventTypes">,
  { gain, takesBack }: Pick<ResolvedObjective, "gain" | "takesBack">,
  from: number,
  pause: () => Promise<void>,
): Promise<Map<string, Taken[]>> {
  const taken = new Map<string, Taken[]>();
  const takers: Taker[] = [];
  const counted = [...store.eventTypes.keys()].filter((type) => gain(type, 1) > 0 || gain(type, Number.MAX_VALUE) > 0);
  for await (const bytes of store.segments()) {
    if (!(describeSegment(bytes).to >= from)) continue;
    const { length, user, item, type, value, time, recommendation } = readSegment(bytes);
    if (takesBack !== undefined)
      for (let row = 0; row < length; row++)
        if (time[row] >= from && counted.some((other) => takesBack(type[row], value[row], other)))
          takers.push({ user: user[row], item: item[row], type: type[row], time: time[row], value: value[row] });
    if (recommendation === undefined) continue;
    const { codes, texts } = recommendation;
    for (let row = 0; row < length; row++) {
      if (codes[row] === 0) continue;
      const id = texts[codes[row] - 1];
      const shown = timeOfRecommendation(id);
      if (!(shown >= from && time[row] - shown <= WINDOW)) continue;
      const worth = gain(type[row], value[row]);
      if (!(worth > 0)) continue;
      const entry = { user: user[row], item: item[row], type: type[row], time: time[row], gain: worth };
      const others = taken.get(id);
      if (others === undefined) taken.set(id, [entry]);
      else others.push(entry);
    }
    await pause();
  }
  if (takesBack !== undefined) takeBack(taken, takers, takesBack);
  return taken;
}

/** Sets the gain of events to 0 that the user took back. */
function takeBack(taken: ReadonlyMap<string, readonly Taken[]>, takers: readonly Taker[], takesBack: TakesBack): void {
  const key = ({ user, item }: Pick<Taken, "user" | "item">) => user * 2 ** 32 + item;
  const byPair = new Map<number, Taken[]>();
  for (const events of taken.values())
    for (const event of events) {
      const others = byPair.get(key(event));
      if (others === undefined) byPair.set(key(event), [event]);
      else others.push(event);
    }
  for (const taker of takers)
    for (const event of byPair.get(key(taker)) ?? [])
      if (event.time < taker.time && takesBack(taker.type, taker.value, event.type)) event.gain = 0;
}

type TakesBack = NonNullable<ResolvedObjective["takesBack"]>;

function gainsOf(
  { items }: Impression,
  events: readonly Taken[] | undefined,
  store: Pick<ProjectStore, "items">,
  adds: boolean,
): Float32Array {
  const gains = new Float32Array(items.length);
  for (const { item, gain } of events ?? []) {
    const place = items.indexOf(store.items.id(item) ?? "");
    if (place >= 0) gains[place] = adds ? gains[place] + gain : Math.max(gains[place], gain);
  }
  return gains;
}
