import type { Csr } from "../../data/csr.ts";
import type { Dataset } from "../../data/dataset.ts";
import { foldIn } from "../../kernel/fold-in.ts";
import { gram } from "../../kernel/gram.ts";
import type { FoldInSolver } from "../../kernel/reference/fold-in.ts";
import type { WeightedRows } from "../../kernel/sparse-rows.ts";
import { defineModel } from "../../model/define-model.ts";
import type { FitContext } from "../../model/definition.ts";
import { choice, float, int, linear, log } from "../../model/options.ts";
import { Random } from "../../util/random.ts";
import { influence } from "./influence.ts";
import { interactionRows, rowWeights } from "./interaction-rows.ts";

type Options = {
  readonly factors: number;
  readonly epochs: number;
  readonly regularization: number;
  readonly frequencyExponent: number;
  readonly unobservedWeight: number;
  readonly confidence: "log" | "linear" | "binary";
  readonly solver: "auto" | "conjugate-gradient" | "blocks" | "cholesky";
};

type AlsState = {
  /** Vector length: `factors`, padded with zeros to a multiple of 4. */
  readonly dimensions: number;
  /** Row-major, items x dimensions. */
  readonly factors: Float32Array;
  /** Weighted Gram matrix of the item factors, dimensions x dimensions. Every fold-in needs it. */
  readonly gram: Float32Array;
  /** The weight a of a single pair as a zero. */
  readonly zeroWeight: number;
};

/**
 * Matrix factorization for implicit feedback, by alternating least squares (iALS, weighted matrix factorization).
 *
 * Finds user and item vectors p and q that minimize
 *
 * `sum over interactions of w (1 - p·q)^2 + a sum over all users and items of (p·q)^2 + sum of l_u |p_u|^2 + sum of l_i |q_i|^2`
 *
 * where w is the confidence weight of an interaction, and a is the weight of every pair, chosen so that all pairs together weigh
 * `unobservedWeight` times as much as all interactions. The penalties grow with the data of a user or item:
 * `l_u = regularization (W_u + a · items)^frequencyExponent` for the total weight W_u of user u, and likewise for items. The two sides are
 * solved in turn, exactly or nearly so, with the other side fixed. Only item vectors are stored: a user's vector is computed from the history.
 *
 * Cost: a few passes over the interactions times `factors` per iteration, plus (users + items) · factors² with the default `solver`. A strong
 * first choice for implicit feedback at any size. On small data, `ease` is more accurate.
 *
 * Sources: Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", 2008; Rendle, Krichene, Zhang and Koren,
 * "Revisiting the performance of iALS on item recommendation benchmarks", 2022; Takács, Pilászy and Tikk, "Applications of the conjugate
 * gradient method for implicit feedback collaborative filtering", 2011; Rendle, Krichene, Zhang and Koren, "iALS++: Speeding up matrix
 * factorization with subspace optimization", 2021.
 *
 * @example
 * ```ts
 * import { Dataset } from "recobase";
 * import { als } from "recobase/models";
 *
 * const data = Dataset.fromRows([
 *   { user: "ann", item: "alien" }, { user: "ann", item: "aliens" },
 *   { user: "bob", item: "alien" }, { user: "bob", item: "aliens" },
 *   { user: "cat", item: "heat" }, { user: "cat", item: "ronin" },
 * ]);
 * const model = await als({ factors: 4 }).fit(data);
 * model.recommend({ history: ["heat"] }, { k: 1 })[0].item; // "ronin"
 * ```
 */
export const als = defineModel({
  name: "als",
  family: "factorization",
  options: {
    /** Length of the vectors. Longer vectors capture finer tastes and need more data and time. */
    factors: int(64, { min: 1, max: 4096, search: log(16, 512) }),
    /** Number of passes, each solving for all users and all items. */
    epochs: int(10, { min: 1, max: 1000, search: linear(4, 16) }),
    /** L2 penalty, scaled by the data of each user and item. */
    regularization: float(0.007, { min: 1e-9, search: log(1e-4, 0.1) }),
    /** How penalties grow with the data of a user or item: 0 gives everyone the same penalty, 1 a proportional one. */
    frequencyExponent: float(1, { min: 0, max: 2, search: linear(0, 1) }),
    /** Total weight of all user-item pairs as zeros, as a multiple of the total weight of all interactions. */
    unobservedWeight: float(20, { min: 0, search: log(1, 100) }),
    /** Confidence of an interaction with weight r: 1 (`binary`), log2(1 + r) (`log`) or r (`linear`). Interactions with r of 0 or below are ignored. */
    confidence: choice(["binary", "log", "linear"]),
    /**
     * How to solve for a vector: a few conjugate gradient steps, one block of dimensions after another (iALS++), or exactly (Cholesky, slowest).
     * `auto` uses conjugate gradients, and blocks from 512 factors up.
     */
    solver: choice(["auto", "conjugate-gradient", "blocks", "cholesky"]),
  },
  suits({ pairs, users, catalog, weighted }) {
    const factors = pairs < 300_000 ? 32 : pairs < 5_000_000 ? 64 : 128;
    const size = pairs < 300_000 ? { regularization: 0.01, unobservedWeight: 10 } : { regularization: 0.003, unobservedWeight: 30 };
    return {
      options: { factors, ...size, confidence: weighted ? "log" : "binary" },
      seconds: ((pairs * 8 + (users + catalog) * factors) * factors * 20) / 8e9,
      bytes: 4 * factors * (catalog + factors),
    };
  },
  async fit(data, options, context) {
    const dimensions = padded(options.factors);
    const factors = context.arena.float32(data.items.size * dimensions);
    initialize(factors, 0, options.factors, dimensions, new Random(context.seed));
    return await alternate(data, factors, options, options.epochs, context);
  },
  embed({ dimensions, factors, gram, zeroWeight }: AlsState, histories, out, options, { backend }) {
    const rows = confident(histories.bag(), options.confidence);
    const regularization = penalties(rows, zeroWeight, options);
    const resident = backend.resident(factors);
    foldIn(backend, { rows, factors: resident, dimensions, gram, regularization, out, solver: FOLD_IN });
  },
  itemFactors({ dimensions, factors }) {
    return { dimensions, factors };
  },
  explain({ dimensions, factors, gram, zeroWeight }: AlsState, histories, item, out, options, { backend }) {
    const rows = confident(histories.bag(), options.confidence);
    const [regularization] = penalties(rows, zeroWeight, options);
    out.set(influence(backend, { history: rows, item, factors, dimensions, gram, regularization }));
  },
  async update(state: AlsState, data, _added, options, context) {
    const factors = context.arena.float32(data.items.size * state.dimensions);
    initialize(factors, state.factors.length, options.factors, state.dimensions, new Random(context.seed));
    factors.set(state.factors);
    return await alternate(data, factors, options, Math.ceil(options.epochs / 3), context);
  },
  updateTolerance: 0.3,
});

/** Solves fold-ins to single precision. */
const FOLD_IN: FoldInSolver = { method: "conjugate-gradient", steps: 100, tolerance: 1e-4 };

/** Alternates between users and items, users first, starting from the given item factors, which it changes. */
async function alternate(
  data: Dataset,
  factors: Float32Array,
  options: Options,
  iterations: number,
  context: FitContext,
): Promise<AlsState> {
  const { backend, arena, step } = context;
  const dimensions = padded(options.factors);
  const histories = context.histories.bag();
  const values = confidences(histories.values, options.confidence);
  const { byUser, byItem } = interactionRows(arena, histories, values);
  const total = values === undefined ? histories.indices.length : values.reduce((sum, value) => sum + value, 0);
  const zeroWeight = (options.unobservedWeight * total) / (data.users.size * data.items.size);
  const userPenalties = arena.copy(penalties(byUser, zeroWeight, options));
  const itemPenalties = arena.copy(penalties(byItem, zeroWeight, options));
  const userFactors = arena.float32(data.users.size * dimensions);
  const products = arena.float32(dimensions * dimensions);
  const solve = (rows: WeightedRows, from: Float32Array, regularization: Float32Array, out: Float32Array, warm: boolean) => {
    gram(backend, { a: from, rows: rows.columns, columns: dimensions, out: products, scale: zeroWeight });
    foldIn(backend, { rows, factors: from, dimensions, gram: products, regularization, out, warm, solver: solverOf(options, warm) });
  };
  for (let iteration = 0; iteration < iterations; iteration++) {
    solve(byUser, factors, userPenalties, userFactors, iteration > 0);
    solve(byItem, userFactors, itemPenalties, factors, true);
    await step({ task: "", done: iteration + 1, total: iterations });
  }
  gram(backend, { a: factors, rows: data.items.size, columns: dimensions, out: products, scale: zeroWeight });
  return { dimensions, factors, gram: products, zeroWeight };
}

/** Steps from a zero start that get as close as three steps from the previous iteration's vectors. */
const COLD_STEPS = 5;

function solverOf({ solver, factors }: Options, warm: boolean): FoldInSolver {
  const method = solver === "auto" ? (factors < 512 ? "conjugate-gradient" : "blocks") : solver;
  if (method === "blocks") return { method, size: 32, sweeps: warm ? 1 : 2 };
  return method === "cholesky" ? { method } : { method, steps: warm ? 3 : COLD_STEPS, tolerance: 1e-4 };
}

/** Small numbers in the first `factors` entries of each vector, from vector `from` on: enough to break the symmetry, too small to matter. */
function initialize(vectors: Float32Array, from: number, factors: number, dimensions: number, random: Random): void {
  const scale = 0.1 / Math.sqrt(factors) / 2 ** 31;
  for (let at = from; at < vectors.length; at += dimensions)
    for (let d = 0; d < factors; d++) vectors[at + d] = (random.bits() - 2 ** 31) * scale;
}

/** The histories with confidences as values; without values if all are 1. */
function confident(histories: Csr, confidence: Options["confidence"]): WeightedRows {
  const { rows, columns, offsets, indices } = histories;
  const values = confidences(histories.values, confidence);
  return { rows, columns, offsets, indices, ...(values && { values }) };
}

/** The confidences of the given weights, or undefined if all are 1. */
function confidences(weights: Float32Array, confidence: Options["confidence"]): Float32Array | undefined {
  if (weights.every((weight) => weight === 1)) return undefined;
  if (confidence === "binary") return weights.every((weight) => weight > 0) ? undefined : weights.map((weight) => (weight > 0 ? 1 : 0));
  return weights.map((weight) => (weight <= 0 ? 0 : confidence === "log" ? Math.log2(1 + weight) : weight));
}

function penalties(rows: WeightedRows, zeroWeight: number, { regularization, frequencyExponent }: Options): Float32Array {
  return rowWeights(rows).map((weight) => Math.max(1e-9, regularization * (weight + zeroWeight * rows.columns) ** frequencyExponent));
}

function padded(factors: number): number {
  return Math.ceil(factors / 4) * 4;
}
