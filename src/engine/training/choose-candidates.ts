import type { ModelChoice } from "../config.ts";
import type { TrainingSet } from "./training-set.ts";

/** What of the data decides which models are worth trying. */
export interface Shape {
  /** Users with a row, items with a row, and pairs of them. */
  readonly users: number;
  readonly items: number;
  readonly pairs: number;
  /** Items of the project, those without a row too: what matrices are made for. */
  readonly catalogue: number;
  /** Events for each pair; 1 where nothing repeats. */
  readonly repeats: number;
  /** Sum over users of the squared length of their history: pairs of items that users bring together. */
  readonly itemPairs: number;
  /** Mean square of the weights of pairs. */
  readonly meanSquare: number;
  /** Whether weights of pairs differ. */
  readonly weighted: boolean;
  /** Days from the first to the last event. */
  readonly days: number;
}

/** A model to try. */
export interface Candidate {
  readonly model: string;
  readonly options: NonNullable<ModelChoice["options"]>;
  /** What a fit will take on one thread, roughly: to keep within a budget of time. */
  readonly seconds: number;
}

export interface Choice {
  readonly candidates: readonly Candidate[];
  /** Why these, in words. */
  readonly reason: string;
}

/** Below these there is nothing personal to be learned, or to be told apart from chance. */
const FEWEST = { pairs: 500, users: 20, items: 10 } as const;
/** Items up to which the dense matrix of EASE is inverted in less than half a minute. */
const MOST_FOR_EASE = 6000;

export function shapeOf({ data }: TrainingSet): Shape {
  const { offsets } = data.byUser();
  const weight = data.interactions.weight ?? new Float32Array(data.size).fill(1);
  const time = data.interactions.time ?? new Float64Array(0);
  const popular = new Uint8Array(data.items.size);
  for (const item of data.interactions.item) popular[item] = 1;
  let itemPairs = 0;
  for (let user = 0; user < data.users.size; user++) itemPairs += (offsets[user + 1] - offsets[user]) ** 2;
  let squares = 0;
  for (const one of weight) squares += one * one;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const at of time) {
    if (at < first) first = at;
    if (at > last) last = at;
  }
  const [origin] = data.provenance;
  return {
    users: data.users.size,
    items: popular.reduce((sum, one) => sum + one, 0),
    pairs: data.size,
    catalogue: data.items.size,
    repeats: Number(origin.events) / Math.max(1, data.size),
    itemPairs,
    meanSquare: squares / Math.max(1, data.size),
    weighted: weight.some((one) => one !== weight[0]),
    days: last > first ? (last - first) / 86_400_000 : 0,
  };
}

/**
 * Three to five models that suit the data, cheapest first. Popularity, with a half-life of a tenth of the time there is, is always among
 * them as the floor; with too little data it is alone.
 *
 * - `ease` up to 6,000 items, where it is the most accurate; beyond, `sparse-ease`, as long as the pairs of items fit into memory.
 * - `item-knn` and `rp3beta`: robust where data is sparse. Heavy shrinkage where items have few events.
 * - `als` at any size; longer vectors with more data.
 *
 * Where weights of pairs differ all of them use the weights, and where there are few repeats the most accurate one is tried without, too.
 */
export function chooseCandidates(shape: Shape): Choice {
  const { users, items, pairs, catalogue, itemPairs, weighted, meanSquare, days, repeats } = shape;
  const floor: Candidate = {
    model: "popularity",
    options: { halfLife: Math.min(90, Math.max(1, Math.round(days / 10))) },
    seconds: pairs / 2e7,
  };
  if (pairs < FEWEST.pairs || users < FEWEST.users || items < FEWEST.items)
    return {
      candidates: [floor],
      reason: `Popularity only: ${pairs.toLocaleString("en")} pairs of ${users.toLocaleString("en")} users and ${items.toLocaleString("en")} items are too few to learn tastes from (${FEWEST.pairs}, ${FEWEST.users} and ${FEWEST.items} are the least).`,
    };
  const useWeights = weighted;
  const sparse = pairs / items < 50;
  const neighborSeconds = itemPairs / 1e8;
  const candidates: Candidate[] = [floor];
  const linear = (useWeights: boolean): Candidate | undefined => {
    const scale = useWeights ? meanSquare : 1;
    if (catalogue <= MOST_FOR_EASE)
      return { model: "ease", options: { regularization: 500 * scale, useWeights }, seconds: catalogue ** 3 / 2e10 + itemPairs / 1e9 };
    if (itemPairs < 2e8)
      return {
        model: "sparse-ease",
        options: { neighbors: 100, regularization: 80 * scale, useWeights },
        seconds: neighborSeconds * 2 + items / 2000,
      };
    return undefined;
  };
  candidates.push(
    { model: "item-knn", options: { neighbors: 200, shrink: sparse ? 100 : 10, useWeights }, seconds: neighborSeconds },
    { model: "rp3beta", options: { neighbors: 500, useWeights }, seconds: neighborSeconds },
  );
  const accurate = linear(useWeights);
  if (accurate !== undefined) candidates.push(accurate);
  const factors = pairs < 300_000 ? 32 : pairs < 5_000_000 ? 64 : 128;
  const als = {
    factors,
    regularization: pairs < 300_000 ? 0.01 : 0.003,
    unobservedWeight: pairs < 300_000 ? 10 : 30,
    confidence: useWeights ? "log" : "binary",
  };
  candidates.push({ model: "als", options: als, seconds: ((pairs * 8 + (users + catalogue) * factors) * factors * 20) / 8e9 });
  if (useWeights && repeats < 2) {
    // Weights are then opinions more than habits, and taste may show better in what was touched at all.
    const plain = linear(false);
    if (plain !== undefined)
      candidates.splice(
        candidates.findIndex(({ model }) => model === "rp3beta"),
        1,
        plain,
      );
  }
  candidates.sort((a, b) => a.seconds - b.seconds);
  return {
    candidates,
    reason: `${candidates.map(({ model }) => model).join(", ")} suit ${pairs.toLocaleString("en")} pairs of ${users.toLocaleString("en")} users and ${items.toLocaleString("en")} items.`,
  };
}
