import { type Csr, csrFromCoordinates, csrRows } from "../../data/csr.ts";
import { Random } from "../../util/random.ts";
import type { ResolvedObjective } from "./objective.ts";
import type { TrainingSet, WeightedEvents } from "./training-set.ts";

/** Who is judged on what: users with a history before the cut who did something that the objective counts after it. One row a user. */
export interface Withheld {
  /** What each is known by: the events before the cut that speak for their items. */
  readonly histories: Csr;
  /** What is not shown again: every item of an event before the cut, whatever it said. */
  readonly seen: Csr;
  /** What each did afterwards with items not seen before; values are gains. Rows are never empty. */
  readonly relevant: Csr;
  /** Share of the relevant entries whose item nobody had before the cut: no model can know it. */
  readonly coldShare: number;
}

/** Users judged at most: an ndcg of some 5,000 users is known to about .005. */
const MOST_USERS = 5000;

/**
 * The moment from which on events are withheld: the newest `share` of those that speak for an item. Where the model in service has seen some
 * of these (up to `seenUntil`) and half or more came later, the cut is moved behind what it has seen, so that it can be judged as it is.
 *
 * @returns NaN where the events do not part in two
 */
export function cutTime({ time, weight }: WeightedEvents, share: number, seenUntil = Number.NEGATIVE_INFINITY): number {
  const times = time.filter((_, i) => weight[i] > 0).sort();
  const at = Math.min(times.length - 1, Math.ceil((1 - share) * times.length));
  const half = times[Math.min(times.length - 1, Math.ceil((1 - share / 2) * times.length))];
  let cut = times[at];
  if (seenUntil >= cut && seenUntil < half) cut = times.find((t) => t > seenUntil) ?? cut;
  return cut > times[0] ? cut : Number.NaN;
}

/**
 * What is withheld from `training`, which ends before `cut`. The protocol is that of serving: a list is made from the history, all items are
 * ranked but those seen, so an item that was looked at before and bought later is no target.
 */
export function withhold(
  events: WeightedEvents,
  training: TrainingSet,
  cut: number,
  objective: ResolvedObjective,
  options: { readonly seed: number; readonly mostUsers?: number },
): Withheld {
  const { length, user, item, time, type, value, items } = events;
  const gains = new Float32Array(length);
  const wanted = new Set<number>();
  for (let i = 0; i < length; i++) {
    if (!(time[i] >= cut) || training.userRow[user[i]] < 0) continue;
    gains[i] = objective.gain(type[i], value[i]);
    if (gains[i] > 0) wanted.add(user[i]);
  }
  // Who did nothing new drops out later, so the sample is drawn after that: all first, then some rows of them.
  const everyone = Uint32Array.from(wanted).sort();
  const rowOf = new Int32Array(events.users).fill(-1);
  everyone.forEach((one, row) => {
    rowOf[one] = row;
  });
  const pick = (take: (i: number) => boolean) => {
    const rows: number[] = [];
    for (let i = 0; i < length; i++) if (rowOf[user[i]] >= 0 && take(i)) rows.push(i);
    const row = Uint32Array.from(rows, (i) => rowOf[user[i]]);
    const column = Uint32Array.from(rows, (i) => item[i]);
    return csrFromCoordinates(
      everyone.length,
      items,
      row,
      column,
      Float32Array.from(rows, (i) => gains[i]),
    );
  };
  const seen = pick((i) => time[i] < cut);
  const relevant = newOnly(
    pick((i) => gains[i] > 0),
    seen,
    objective.adds,
  );
  const filled = everyone.map((_, row) => row).filter((row) => relevant.offsets[row + 1] > relevant.offsets[row]);
  const { mostUsers = MOST_USERS, seed } = options;
  const chosen = filled.length <= mostUsers ? filled : new Random(seed).shuffle(filled).slice(0, mostUsers).sort();
  const counts = new Uint32Array(items);
  for (const known of training.data.interactions.item) counts[known]++;
  const targets = csrRows(relevant, chosen);
  const cold = targets.indices.reduce((sum, target) => sum + (counts[target] === 0 ? 1 : 0), 0);
  return {
    histories: csrRows(
      training.data.byUser(),
      Uint32Array.from(chosen, (row) => training.userRow[everyone[row]]),
    ),
    seen: csrRows(seen, chosen),
    relevant: targets,
    coldShare: targets.indices.length === 0 ? 0 : cold / targets.indices.length,
  };
}

/** The entries of `relevant` whose item is not in the same row of `seen`, each item once with the sum or the largest of its gains. */
function newOnly(relevant: Csr, seen: Csr, adds: boolean): Csr {
  const offsets = new Uint32Array(relevant.rows + 1);
  const indices = relevant.indices.slice();
  const values = relevant.values.slice();
  let end = 0;
  for (let row = 0; row < relevant.rows; row++) {
    let known = seen.offsets[row];
    for (let e = relevant.offsets[row]; e < relevant.offsets[row + 1]; e++) {
      const item = relevant.indices[e];
      while (known < seen.offsets[row + 1] && seen.indices[known] < item) known++;
      if (known < seen.offsets[row + 1] && seen.indices[known] === item) continue;
      const gain = relevant.values[e];
      if (end > offsets[row] && indices[end - 1] === item)
        values[end - 1] = adds ? values[end - 1] + gain : Math.max(values[end - 1], gain);
      else {
        indices[end] = item;
        values[end++] = gain;
      }
    }
    offsets[row + 1] = end;
  }
  return { ...relevant, offsets, indices: indices.slice(0, end), values: values.slice(0, end) };
}
