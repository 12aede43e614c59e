import { type Csr, csrFromCoordinates, csrRows } from "../../data/csr.ts";
import type { FeatureTable } from "../../data/features.ts";
import { mergeColumns } from "../../model/bag.ts";
import type { HistoryColumns } from "../../model/histories.ts";
import { Random } from "../../util/random.ts";
import type { ResolvedObjective } from "./objective.ts";
import { featuresAt, type WeightedEvents } from "./training-set.ts";

/** The evaluation data: users with a history who later did something that the objective counts. One row per user. */
export interface Withheld {
  /** Each user's history: earlier events in favor of their items, with repeats added up. */
  readonly histories: Csr;
  /** The same with one entry per event, oldest first, queried at time `at`: for models that need the order of events. */
  entries(): HistoryColumns;
  /** Features of each user; absent if users have none. */
  readonly person: FeatureTable | undefined;
  /** Items not to show again: every item of an earlier event, of any type. */
  readonly seen: Csr;
  /** What each user did later with items not seen before; values are gains. Rows are never empty. */
  readonly relevant: Csr;
}

/** Maximum number of users to evaluate: with 5,000 users, ndcg is accurate to about .005. */
const MOST_USERS = 5000;

/**
 * The time from which events are held out: the newest `share` of those in favor of an item. If the live model has seen some of these (up to
 * `seenUntil`) and at least half came later, the cut moves past what it has seen, so that the model itself can be evaluated.
 *
 * @returns NaN if the events can't be split in two
 */
export function cutTime({ time, weight }: WeightedEvents, share: number, seenUntil = Number.NEGATIVE_INFINITY): number {
  const times = time.filter((_, i) => weight[i] > 0).sort();
  const at = Math.min(times.length - 1, Math.ceil((1 - share) * times.length));
  const half = times[Math.min(times.length - 1, Math.ceil((1 - share / 2) * times.length))];
  let cut = times[at];
  if (seenUntil >= cut && seenUntil < half) cut = times.find((t) => t > seenUntil) ?? cut;
  return cut > times[0] ? cut : Number.NaN;
}

/** Share of the events that must have one and the same time for the data to count as data without times. */
const UNTIMED = 0.8;

/**
 * The events with a random order in place of their times, if these say nothing: an import without times gives all its rows the same one. So
 * what is held out are random events, and models can be compared without knowing what came first.
 *
 * @returns undefined if the events have times
 */
export function shuffledIfUntimed(events: WeightedEvents, seed: number): WeightedEvents | undefined {
  const { time, weight } = events;
  const times = time.filter((_, i) => weight[i] > 0).sort();
  let longest = 0;
  for (let from = 0, i = 1; i <= times.length; i++) {
    if (times[i] === times[from]) continue;
    longest = Math.max(longest, i - from);
    from = i;
  }
  if (longest < UNTIMED * times.length) return undefined;
  const places = Float64Array.from(time, (_, i) => i);
  return { ...events, time: new Random(seed).shuffle(places) };
}

/**
 * Builds the evaluation data. The protocol matches serving:
 *
 * - Models are fitted on the events before the cut. A user known by then is queried at the cut. A user who came later, whom serving answers from the first event, is queried after the first half of their events. The history is everything before that moment.
 * - All items except those seen are ranked, so an item that was viewed before and bought later is not a target.
 * - The objective decides which later events count.
 */
export function withhold(
  events: WeightedEvents,
  cut: number,
  objective: ResolvedObjective,
  options: { readonly seed: number; readonly mostUsers?: number; readonly users?: FeatureTable },
): Withheld {
  const { length, user, item, time, type, value, weight, takenBack, items } = events;
  const asked = momentsOf(events, cut);
  const gains = new Float32Array(length);
  const rowOf = new Int32Array(events.users).fill(-1);
  let users = 0;
  for (let i = 0; i < length; i++) {
    if (!(time[i] >= asked[user[i]])) continue;
    if (takenBack?.[i] === 1) continue;
    gains[i] = objective.gain(type[i], value[i]);
    if (gains[i] > 0 && rowOf[user[i]] < 0) rowOf[user[i]] = users++;
  }
  const pick = (values: Float32Array, take: (i: number) => boolean) => {
    let rows = 0;
    for (let i = 0; i < length; i++) if (rowOf[user[i]] >= 0 && take(i)) rows++;
    const columns = { row: new Uint32Array(rows), item: new Uint32Array(rows), value: new Float32Array(rows) };
    for (let i = 0, at = 0; i < length; i++) {
      if (!(rowOf[user[i]] >= 0 && take(i))) continue;
      columns.row[at] = rowOf[user[i]];
      columns.item[at] = item[i];
      columns.value[at++] = values[i];
    }
    return csrFromCoordinates(users, items, columns.row, columns.item, columns.value);
  };
  const before = (i: number) => time[i] < asked[user[i]];
  const seen = pick(weight, before);
  const relevant = newOnly(
    pick(gains, (i) => gains[i] > 0),
    seen,
    objective.adds,
  );
  const filled = Uint32Array.from({ length: users }, (_, row) => row).filter((row) => relevant.offsets[row + 1] > relevant.offsets[row]);
  const { mostUsers = MOST_USERS, seed } = options;
  const chosen = filled.length <= mostUsers ? filled : new Random(seed).shuffle(filled).slice(0, mostUsers).sort();
  const histories = mergeColumns(
    pick(weight, (i) => weight[i] > 0 && before(i)),
    "sum",
  );
  const userOf = new Int32Array(users);
  rowOf.forEach((row, index) => {
    if (row >= 0) userOf[row] = index;
  });
  const people = Int32Array.from(chosen, (row) => userOf[row]);
  let entries: HistoryColumns | undefined;
  return {
    histories: csrRows(histories, chosen),
    entries: () => (entries ??= entriesOf(events, people, asked)),
    person: options.users && Object.keys(options.users).length > 0 ? featuresAt(options.users, people) : undefined,
    seen: csrRows(seen, chosen),
    relevant: csrRows(relevant, chosen),
  };
}

/** The events of these users in favor of their items, before the time each is queried at. */
function entriesOf(
  { length, items, user, item, type, time, weight, users }: WeightedEvents,
  people: Int32Array,
  asked: Float64Array,
): HistoryColumns {
  const rowOf = new Int32Array(users).fill(-1);
  people.forEach((one, row) => {
    rowOf[one] = row;
  });
  const rows: number[][] = Array.from(people, () => []);
  for (let i = 0; i < length; i++) if (weight[i] > 0 && rowOf[user[i]] >= 0 && time[i] < asked[user[i]]) rows[rowOf[user[i]]].push(i);
  const offsets = new Uint32Array(people.length + 1);
  rows.forEach((events, row) => {
    events.sort((a, b) => time[a] - time[b] || a - b);
    offsets[row + 1] = offsets[row] + events.length;
  });
  const places = rows.flat();
  return {
    ...{ rows: people.length, items, offsets },
    item: Uint32Array.from(places, (i) => item[i]),
    weight: Float32Array.from(places, (i) => weight[i]),
    time: Float64Array.from(places, (i) => time[i]),
    type: Uint8Array.from(places, (i) => type[i]),
    at: Float64Array.from(people, (one) => asked[one]),
  };
}

/** When each user is queried: at the cut, or after the first half of their events if all came later. NaN: never. */
function momentsOf({ length, users, user, time, weight }: WeightedEvents, cut: number): Float64Array {
  const moments = new Float64Array(users).fill(Number.NaN);
  for (let i = 0; i < length; i++) if (weight[i] > 0 && time[i] < cut) moments[user[i]] = cut;
  const later = new Map<number, number[]>();
  for (let i = 0; i < length; i++) {
    if (!(weight[i] > 0 && time[i] >= cut) || moments[user[i]] === cut) continue;
    const times = later.get(user[i]);
    if (times === undefined) later.set(user[i], [time[i]]);
    else times.push(time[i]);
  }
  for (const [one, times] of later) {
    times.sort((a, b) => a - b);
    // Keep events with the same time together.
    moments[one] = times.find((at, i) => i >= times.length / 2 && at > times[0]) ?? Number.NaN;
  }
  return moments;
}

/** The entries of `relevant` whose item is not in the same row of `seen`, each item once, with the sum or the maximum of its gains. */
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
