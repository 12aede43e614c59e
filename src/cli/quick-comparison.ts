import type { Dataset } from "../data/dataset.ts";
import { type Timeline, timelineOf } from "../data/inspect/timeline.ts";
import type { Comparison } from "../data/inspect/verdict.ts";
import type { Split } from "../data/split.ts";
import type { ModelFactory } from "../model/define-model.ts";
import { RecoError } from "../util/errors.ts";
import type { OnProgress } from "../util/progress.ts";
import { Random } from "../util/random.ts";

const HELD_OUT = 0.2;
const METRIC = "ndcg@10";
/** Enough for narrow intervals, and takes only seconds. */
const MOST_INTERACTIONS = 1_200_000;

/**
 * Compares a neighborhood model with popularity on the data itself, or on a random part of its users if it is large. A fifth of each
 * history is held out: the last one if there are times, otherwise a random one. A single interaction per user would be too little to
 * show a difference. Undefined if there isn't enough data to hold out any.
 */
export async function quickComparison(
  data: Dataset,
  registry: Readonly<Record<string, ModelFactory>>,
  onProgress: OnProgress,
): Promise<Comparison | undefined> {
  const { randomHoldout, compact } = await import("../data/index.ts");
  const { evaluate } = await import("../evaluate/evaluate.ts");
  const personalized = registry["item-knn"];
  const popularity = registry.popularity;
  const { mergeRepeats } = await import("../data/repeats.ts");
  const all = someUsers(data);
  const sample = compact(
    all.with({ interactions: mergeRepeats(all.interactions, all.users.size, all.items.size, all.eventTypes.length, "last").interactions }),
  );
  const timeline = timelineOf(sample);
  const split = timeline ? lastFifth(sample, timeline) : randomHoldout(sample, { fraction: HELD_OUT, seed: 1 });
  if (split.test.size === 0 || split.train.size === 0) return undefined;
  try {
    const evaluation = await evaluate([personalized(), popularity()], split, { k: 10, metrics: ["ndcg"], segments: [], onProgress });
    const [model, baseline] = evaluation.models.map(({ metrics }) => metrics[METRIC]);
    const [comparison] = evaluation.comparisons;
    if (model.value === null || baseline.value === null || comparison === undefined) return undefined;
    const interval = ({ value, low, high }: typeof model) => ({ mean: value ?? 0, low: low ?? value ?? 0, high: high ?? value ?? 0 });
    const ahead = comparison.a === evaluation.models[0].label;
    const { difference, low, high } = comparison;
    const gap = { value: difference, low: low ?? difference, high: high ?? difference };
    return {
      metric: METRIC,
      protocol: `${timeline ? "the last" : "a random"} fifth of each history held out, all items ranked${all.size < data.size ? ", on a sample" : ""}`,
      users: model.users,
      personalized: { ...interval(model), model: personalized.definition.name },
      popularity: interval(baseline),
      difference: ahead ? { mean: gap.value, low: gap.low, high: gap.high } : { mean: -gap.value, low: -gap.high, high: -gap.low },
    };
  } catch (error) {
    if (error instanceof RecoError && error.code === "empty-data") return undefined;
    throw error;
  }
}

/** Holds out the last fifth of each user's interactions: at least one if there are two. */
function lastFifth(data: Dataset, { rows, offsets }: Timeline): Split {
  const heldOut = new Uint8Array(data.size);
  for (let user = 0; user + 1 < offsets.length; user++) {
    const count = offsets[user + 1] - offsets[user];
    const last = count < 2 ? 0 : Math.max(1, Math.round(HELD_OUT * count));
    for (let i = offsets[user + 1] - last; i < offsets[user + 1]; i++) heldOut[rows[i]] = 1;
  }
  const part = (mark: number) =>
    data.select(
      Uint32Array.from(heldOut.keys()).filter((row) => heldOut[row] === mark),
      { step: "last-fifth", heldOut: mark === 1 },
    );
  return { train: part(0), test: part(1) };
}

function someUsers(data: Dataset): Dataset {
  if (data.size <= MOST_INTERACTIONS) return data;
  const { user } = data.interactions;
  const counts = new Uint32Array(data.users.size);
  for (let i = 0; i < user.length; i++) counts[user[i]]++;
  const order = new Random(1).shuffle(Uint32Array.from(counts.keys()));
  const chosen = new Uint8Array(data.users.size);
  for (let taken = 0, next = 0; next < order.length && taken + counts[order[next]] <= MOST_INTERACTIONS; next++) {
    chosen[order[next]] = 1;
    taken += counts[order[next]];
  }
  const rows = new Uint32Array(MOST_INTERACTIONS);
  let size = 0;
  for (let i = 0; i < user.length; i++) if (chosen[user[i]] === 1) rows[size++] = i;
  return data.select(rows.slice(0, size), { step: "sample-users", interactions: MOST_INTERACTIONS, seed: 1 });
}
