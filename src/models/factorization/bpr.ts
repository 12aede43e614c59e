import type { Csr } from "../../data/csr.ts";
import type { Dataset } from "../../data/dataset.ts";
import { bprEpoch, bprFoldIn } from "../../kernel/bpr.ts";
import { defineModel } from "../../model/define-model.ts";
import type { FitContext } from "../../model/definition.ts";
import { choice, float, int, log } from "../../model/options.ts";
import { Random } from "../../util/random.ts";

type Options = {
  readonly factors: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly regularization: number;
  readonly negatives: "uniform" | "popularity";
  readonly candidates: number;
};

type BprState = {
  /** Vector length: `factors`, padded with zeros to a multiple of 4. */
  readonly dimensions: number;
  /** Row-major, items x dimensions. */
  readonly factors: Float32Array;
  readonly bias: Float32Array;
};

/**
 * Matrix factorization by Bayesian personalized ranking: learns to rank the items a user has interacted with above those they have not.
 *
 * Maximizes the log-likelihood of all such pairs, `sum of ln sigmoid(x_ui - x_uj) - regularization / 2 |parameters|^2` with
 * `x_ui = p_u·q_i + b_i`, by stochastic gradient steps. Each epoch takes one step per interaction (u, i), with a new random item j: the one of
 * a few `candidates` that the model currently ranks highest, because most other items teach it nothing. Only item vectors are stored: a user's
 * vector is found by the same steps over the history, with the items fixed.
 *
 * Cost: interactions · `factors` · (2 + `candidates`) per epoch, and many epochs. It optimizes the order of the whole list rather than its top;
 * `als` is usually better at the top, and faster.
 *
 * Sources: Rendle, Freudenthaler, Gantner and Schmidt-Thieme, "BPR: Bayesian personalized ranking from implicit feedback", 2009; Zhang,
 * Chen, Wang and Yu, "Optimizing top-N collaborative filtering via dynamic negative item sampling", 2013 (candidates); in parallel after
 * Gemulla, Nijkamp, Haas and Sismanis, "Large-scale matrix factorization with distributed stochastic gradient descent", 2011.
 *
 * @example
 * ```ts
 * import { Dataset } from "recobase";
 * import { bpr } from "recobase/models";
 *
 * const data = Dataset.fromRows([
 *   { user: "ann", item: "alien" }, { user: "ann", item: "aliens" },
 *   { user: "bob", item: "alien" }, { user: "bob", item: "aliens" },
 *   { user: "cat", item: "heat" }, { user: "cat", item: "ronin" },
 * ]);
 * const model = await bpr({ factors: 8, epochs: 500 }).fit(data);
 * model.recommend({ history: ["heat"] }, { k: 1 })[0].item; // "ronin"
 * ```
 */
export const bpr = defineModel({
  name: "bpr",
  family: "factorization",
  options: {
    /** Length of the vectors. */
    factors: int(64, { min: 1, max: 4096, search: log(16, 256) }),
    /** Passes over the interactions. */
    epochs: int(60, { min: 1, max: 10_000, search: log(20, 200) }),
    /** Length of a gradient step. Decreases to 0 over the epochs. */
    learningRate: float(0.1, { min: 1e-9, max: 10, search: log(0.01, 0.3) }),
    /** L2 penalty that a step applies to the parameters it touches. */
    regularization: float(0.03, { min: 0, max: 10, search: log(1e-4, 0.1) }),
    /** How negatives are drawn: uniformly, or in proportion to their interactions to the power of 3/4, which teaches more about popular items. */
    negatives: choice(["uniform", "popularity"]),
    /** Number of negatives drawn per step; the one with the highest score is used. Values above 1 improve the top of the lists. */
    candidates: int(8, { min: 1, max: 1000, search: log(1, 32) }),
  },
  async fit(data, options, context) {
    const dimensions = padded(options.factors);
    const factors = context.arena.float32(data.items.size * dimensions);
    initialize(factors, options.factors, dimensions, new Random(context.seed));
    return await climb(data, { dimensions, factors, bias: context.arena.float32(data.items.size) }, options, context);
  },
  embed({ dimensions, factors, bias }: BprState, histories, out, { learningRate, regularization }, { backend }) {
    const items = { items: bias.length, itemFactors: backend.resident(factors), itemBias: bias, dimensions };
    bprFoldIn(backend, { rows: histories.bag(), ...items, learningRate, regularization, epochs: FOLD_IN_EPOCHS, out });
  },
  itemFactors({ dimensions, factors, bias }) {
    return { dimensions, factors, bias };
  },
});

const FOLD_IN_EPOCHS = 30;

async function climb(data: Dataset, state: BprState, options: Options, context: FitContext): Promise<BprState> {
  const { backend, arena, seed, step } = context;
  const { dimensions, factors, bias } = state;
  const [users, items] = [data.users.size, data.items.size];
  const histories = context.histories.bag();
  const [offsets, indices] = [arena.copy(histories.offsets), arena.copy(histories.indices)];
  const userFactors = arena.float32(users * dimensions);
  initialize(userFactors, options.factors, dimensions, new Random(seed).split(1));
  const negativeWeights = options.negatives === "popularity" ? popularity(histories) : undefined;
  const fixed = {
    ...{ users, items, offsets, indices, userFactors, itemFactors: factors, itemBias: bias, dimensions },
    ...{ regularization: options.regularization, candidates: options.candidates, ...(negativeWeights && { negativeWeights }) },
  };
  const random = new Random(seed).split(2);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const learningRate = options.learningRate * (1 - epoch / options.epochs);
    bprEpoch(backend, { ...fixed, learningRate, seed: random.bits() });
    await step({ task: "", done: epoch + 1, total: options.epochs });
  }
  return { dimensions, factors, bias };
}

function popularity({ columns, indices }: Csr): Float32Array {
  const counts = new Float32Array(columns);
  for (const item of indices) counts[item]++;
  return counts.map((count) => count ** 0.75);
}

/** Small numbers in the first `factors` entries of each vector. */
function initialize(vectors: Float32Array, factors: number, dimensions: number, random: Random): void {
  const scale = 0.1 / Math.sqrt(factors) / 2 ** 31;
  for (let at = 0; at < vectors.length; at += dimensions)
    for (let d = 0; d < factors; d++) vectors[at + d] = (random.bits() - 2 ** 31) * scale;
}

function padded(factors: number): number {
  return Math.ceil(factors / 4) * 4;
}
