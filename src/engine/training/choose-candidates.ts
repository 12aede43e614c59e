import type { Dataset } from "../../data/dataset.ts";
import type { ModelChoice } from "../config/config.ts";

/** What of the data decides which models are worth trying. */
export interface Shape {
  /** Users with a row, items with a row, and pairs of them. */
  readonly users: number;
  readonly items: number;
  readonly pairs: number;
  /** Items of the project, those without a row too: what matrices are made for. */
  readonly catalogue: number;
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
  /** The newest share of the events to fit it on, in (0, 1]; all when absent. */
  readonly newest?: number;
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
const NEWEST = 1 / 8;
/** Items up to which the dense matrix of EASE is inverted in less than half a minute. */
const MOST_FOR_EASE = 6000;
/** Pairs of items that sparse-ease keeps in memory. */
const MOST_ITEM_PAIRS = 200_000_000;

/** @param data of {@link trainingSet} */
export function shapeOf(data: Dataset): Shape {
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
  return {
    users: data.users.size,
    items: popular.reduce((sum, one) => sum + one, 0),
    pairs: data.size,
    catalogue: data.items.size,
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
 * - `item-knn` on the newest eighth of the events, if those are enough: where items come and go it is the most accurate, since it says what
 *   goes together now.
 * - `item-knn` on all events, robust where data is sparse, with heavy shrinkage where items have few of them; `rp3beta` where no linear
 *   model can be had.
 * - `als` at any size; longer vectors with more data.
 *
 * Where weights of pairs differ (types of events, repeats, values), `als` takes them in by their logarithm, and the linear model is tried
 * with them and without; neighbours of all events, which take them in badly, make room.
 */
export function chooseCandidates(shape: Shape): Choice {
  const { users, items, pairs, days, weighted } = shape;
  const floor: Candidate = {
    model: "popularity",
    options: { halfLife: Math.min(90, Math.max(1, Math.round(days / 10))) },
    seconds: pairs / 2e7,
  };
  const size = `${count(pairs, "pair")} of ${count(users, "user")} and ${count(items, "item")}`;
  if (pairs < FEWEST.pairs || users < FEWEST.users || items < FEWEST.items)
    return {
      candidates: [floor],
      reason: `Popularity only: ${size} are too few to learn tastes from; ${FEWEST.pairs} pairs, ${FEWEST.users} users and ${FEWEST.items} items are the least.`,
    };
  const plain = linear(shape, false);
  const recent = pairs * NEWEST < FEWEST.pairs ? rp3beta(shape) : { ...itemKnn(shape, NEWEST), newest: NEWEST };
  const candidates = [floor, recent, weighted && plain ? linear(shape, true) : itemKnn(shape), plain ?? rp3beta(shape), als(shape)]
    .filter((candidate) => candidate !== undefined)
    .sort((a, b) => a.seconds - b.seconds);
  return { candidates, reason: `${candidates.map(({ model }) => model).join(", ")} suit ${size}.` };
}

function itemKnn({ pairs, items, itemPairs }: Shape, newest = 1): Candidate {
  const shrink = (pairs * newest) / items < 50 ? 100 : 10;
  return { model: "item-knn", options: { neighbors: 200, shrink }, seconds: (itemPairs * newest) / 1e8 };
}

function rp3beta({ itemPairs }: Shape): Candidate {
  return { model: "rp3beta", options: { neighbors: 500 }, seconds: itemPairs / 1e8 };
}

/** Penalties grow with the squares of the weights, so that they mean the same with weights and without. */
function linear({ catalogue, items, itemPairs, meanSquare }: Shape, useWeights: boolean): Candidate | undefined {
  const scale = useWeights ? meanSquare : 1;
  if (catalogue <= MOST_FOR_EASE)
    return { model: "ease", options: { regularization: 500 * scale, useWeights }, seconds: catalogue ** 3 / 2e10 + itemPairs / 1e9 };
  if (itemPairs > MOST_ITEM_PAIRS) return undefined;
  return {
    model: "sparse-ease",
    options: { neighbors: 100, regularization: 80 * scale, useWeights },
    seconds: itemPairs / 5e7 + items / 5000,
  };
}

function als({ pairs, users, catalogue, weighted }: Shape): Candidate {
  const factors = pairs < 300_000 ? 32 : pairs < 5_000_000 ? 64 : 128;
  const size = pairs < 300_000 ? { regularization: 0.01, unobservedWeight: 10 } : { regularization: 0.003, unobservedWeight: 30 };
  return {
    model: "als",
    options: { factors, ...size, confidence: weighted ? "log" : "binary" },
    seconds: ((pairs * 8 + (users + catalogue) * factors) * factors * 20) / 8e9,
  };
}

function count(n: number, one: string): string {
  return `${n.toLocaleString("en")} ${one}${n === 1 ? "" : "s"}`;
}
