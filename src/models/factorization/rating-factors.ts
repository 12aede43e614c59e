import type { Csr } from "../../data/csr.ts";
import type { Dataset } from "../../data/dataset.ts";
import type { Backend } from "../../kernel/backend.ts";
import { foldIn } from "../../kernel/fold-in.ts";
import type { WeightedRows } from "../../kernel/sparse-rows.ts";
import type { FitContext } from "../../model/definition.ts";
import { Random } from "../../util/random.ts";
import { type InteractionRows, interactionRows } from "./interaction-rows.ts";

/** Options that `svd` and `svdpp` share. */
export interface RatingOptions {
  readonly factors: number;
  readonly epochs: number;
  readonly regularization: number;
  readonly shrinkage: number;
}

/** What `svd` and `svdpp` learn about items. */
export type RatingState = {
  /** Vector length: `factors`, the constant 1 that multiplies the user's bias, and zeros up to a multiple of 4. */
  readonly dimensions: number;
  /** Row-major, items x dimensions: q_i, 1, 0 … */
  readonly factors: Float32Array;
  /** Mean rating plus the item's bias. */
  readonly bias: Float32Array;
};

/** The prior of the users, toward which few ratings are shrunk: one row-major vector per user, or absent for 0. */
export interface UserPrior {
  /** Writes the prior vectors. */
  write(out: Float32Array): void;
  /** Learns from the user vectors after an epoch. */
  learn(userFactors: Float32Array): void;
}

/** Optional starting point and prior of a fit. */
export interface RatingFit {
  /** The state of an earlier fit; its items come first. */
  readonly start?: RatingState;
  readonly epochs?: number;
  /** Creates the prior of the users from the structure of the ratings in both directions and the penalties of the users. */
  readonly makePrior?: (rows: InteractionRows, penalties: Float32Array, dimensions: number) => UserPrior;
}

/**
 * Alternating least squares on ratings with biases. The user's vector is (p_u, b_u) and the item's (q_i, b_i). Each is extended by a constant 1
 * in the position of the other's bias, so that a half-step is one ridge regression per row. The penalty of a row with n ratings is
 * `regularization * (n + shrinkage)`.
 */
export async function fitRatings(
  data: Dataset,
  options: RatingOptions,
  context: FitContext,
  { start, makePrior, epochs = options.epochs }: RatingFit = {},
): Promise<RatingState> {
  const { backend, arena, seed, step } = context;
  const { factors: k } = options;
  const dimensions = padded(k);
  const [users, items] = [data.users.size, data.items.size];
  const histories = context.histories.bag();
  const ratings = histories.values;
  const rows = interactionRows(arena, histories, ratings);
  let mean = 0;
  for (const rating of ratings) mean += rating / ratings.length;

  const itemFactors = arena.float32(items * dimensions);
  const userFactors = arena.float32(users * dimensions);
  const userBias = new Float32Array(users);
  const itemBias = meanResiduals(rows.byItem, mean, options.shrinkage);
  initialize(itemFactors, k, dimensions, new Random(seed));
  if (start !== undefined) {
    itemFactors.set(start.factors);
    start.bias.forEach((value, item) => {
      itemBias[item] = value - mean;
    });
  }
  const userPenalties = arena.copy(penalties(rows.byUser, options));
  const itemPenalties = arena.copy(penalties(rows.byItem, options));
  // The ratings are targets, not weights.
  const structure = { byUser: withoutValues(rows.byUser), byItem: withoutValues(rows.byItem) };
  const prior = makePrior?.(structure, userPenalties, dimensions);
  const centered = prior === undefined ? {} : { warm: true, centered: true };
  const targets = arena.float32(ratings.length);
  const common = { targets, dimensions, solver: { method: "cholesky" } } as const;
  for (let epoch = 0; epoch < epochs; epoch++) {
    residuals(rows.byUser, mean, itemBias, targets);
    prior?.write(userFactors);
    foldIn(backend, {
      ...common,
      ...centered,
      rows: structure.byUser,
      factors: itemFactors,
      regularization: userPenalties,
      out: userFactors,
    });
    prior?.learn(userFactors);
    takeBias(userFactors, dimensions, k, userBias);
    residuals(rows.byItem, mean, userBias, targets);
    foldIn(backend, { ...common, rows: structure.byItem, factors: userFactors, regularization: itemPenalties, out: itemFactors });
    takeBias(itemFactors, dimensions, k, itemBias);
    await step({ task: "", done: epoch + 1, total: epochs });
  }
  return { dimensions, factors: itemFactors, bias: itemBias.map((b) => b + mean) };
}

/** Exact user vectors (p_u, b_u) for histories of ratings. `out` is row-major, rows x dimensions, and contains the prior vectors, if any. */
export function embedRatings(
  state: RatingState,
  histories: Csr,
  out: Float32Array,
  options: RatingOptions,
  backend: Backend,
  hasPrior: boolean,
): void {
  const { dimensions, factors } = state;
  const rows = withoutValues(histories);
  const targets = ratingTargets(state, histories);
  const start = hasPrior ? { warm: true, centered: true } : {};
  const regularization = penalties(histories, options);
  foldIn(backend, {
    rows,
    targets,
    factors: backend.resident(factors),
    dimensions,
    regularization,
    out,
    ...start,
    solver: { method: "cholesky" },
  });
}

/** The ratings of the histories minus the mean and the item's bias. */
export function ratingTargets({ bias }: RatingState, histories: Csr): Float32Array {
  return histories.values.map((value, e) => value - bias[histories.indices[e]]);
}

/** Vector length for `factors` numbers and a bias. */
export function padded(factors: number): number {
  return Math.ceil((factors + 1) / 4) * 4;
}

/** The penalty of each row. */
export function penalties({ rows, offsets }: WeightedRows, { regularization, shrinkage }: RatingOptions): Float32Array {
  return Float32Array.from({ length: rows }, (_, r) => regularization * (offsets[r + 1] - offsets[r] + shrinkage));
}

/** Each rating minus the mean and the bias of its column. */
function residuals(rows: WeightedRows, mean: number, columnBias: Float32Array, out: Float32Array): void {
  const { indices, values } = rows;
  if (values !== undefined) for (let e = 0; e < indices.length; e++) out[e] = values[e] - mean - columnBias[indices[e]];
}

/** The mean of each row's values minus `mean`, shrunk toward 0 as if there were `shrinkage` more of them at 0. */
function meanResiduals({ rows, offsets, values }: WeightedRows, mean: number, shrinkage: number): Float32Array {
  const means = new Float32Array(rows);
  for (let r = 0; r < rows; r++) {
    let sum = 0;
    for (let e = offsets[r]; e < offsets[r + 1]; e++) sum += (values?.[e] ?? 1) - mean;
    means[r] = sum / Math.max(1, offsets[r + 1] - offsets[r] + shrinkage);
  }
  return means;
}

function withoutValues({ rows, columns, offsets, indices }: WeightedRows): WeightedRows {
  return { rows, columns, offsets, indices };
}

function initialize(vectors: Float32Array, factors: number, dimensions: number, random: Random): void {
  for (let at = 0; at < vectors.length; at += dimensions) {
    for (let d = 0; d < factors; d++) vectors[at + d] = random.normal() * 0.1;
    vectors[at + factors] = 1;
  }
}

/** Moves the bias of each vector to `bias` and puts the constant 1 in its place. */
function takeBias(vectors: Float32Array, dimensions: number, place: number, bias: Float32Array): void {
  for (let row = 0; row < bias.length; row++) {
    bias[row] = vectors[row * dimensions + place];
    vectors[row * dimensions + place] = 1;
  }
}
