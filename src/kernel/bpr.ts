import { Random } from "../util/random.ts";
import { checkLength, within } from "./arrays.ts";
import { type Backend, read, update, write } from "./backend.ts";
import { type BprEpochArguments, type BprFoldInArguments, bprFoldInReference, bprRoundReference } from "./reference/bpr.ts";

/** Maximum number of blocks, and so of threads per epoch. */
const BLOCKS = 16;
/** Minimum number of users and items per block: with fewer, there would be too few negatives to choose from. */
const BLOCK_SIZE = 48;

/**
 * One epoch of stochastic gradient descent for Bayesian personalized ranking (Rendle et al. 2009). For every entry (user u, item i), once, one item
 * j that the user doesn't have is drawn, followed by a step up the gradient of `ln sigmoid(x_ui - x_uj) - regularization / 2 * |parameters|^2`
 * where `x_ui = p_u . q_i + b_i`. With `candidates` above 1, j is the highest scored of that many draws (Zhang et al. 2013).
 *
 * Runs in parallel without conflicts, with the same result on any number of threads (Gemulla et al. 2011): users and items are divided at random
 * into B blocks; in round s, user block b meets item block (b + s) mod B, so no two parts of a round share a parameter. Negatives are drawn from the
 * same item block. Every epoch uses new blocks, so that any two items eventually get compared.
 */
export function bprEpoch(backend: Backend, args: BprEpochArguments): void {
  const { users, items, offsets, indices, userFactors, itemFactors, itemBias, dimensions: k, negativeWeights } = args;
  checkLength("bprEpoch", "offsets", offsets, users + 1);
  checkLength("bprEpoch", "indices", indices, offsets[users]);
  checkLength("bprEpoch", "userFactors", userFactors, users * k);
  checkLength("bprEpoch", "itemFactors", itemFactors, items * k);
  checkLength("bprEpoch", "itemBias", itemBias, items);
  if (negativeWeights) checkLength("bprEpoch", "negativeWeights", negativeWeights, items);
  if (items === 0 || users === 0) return;
  const random = new Random(args.seed);
  const arena = backend.arena();
  try {
    const blocks = Math.max(1, Math.min(BLOCKS, Math.floor(Math.min(users, items) / BLOCK_SIZE)));
    const userOrder = random.shuffle(ascending(arena.uint32(users)));
    const itemOrder = random.shuffle(ascending(arena.uint32(items)));
    const blockOf = arena.uint8(items);
    for (let place = 0; place < items; place++) blockOf[itemOrder[place]] = Math.floor(((place + 1) * blocks - 1) / items);
    let cumulative: Float64Array | undefined;
    if (negativeWeights !== undefined) {
      cumulative = arena.float64(items);
      let sum = 0;
      for (let place = 0; place < items; place++) cumulative[place] = sum += negativeWeights[itemOrder[place]];
    }
    const key = [random.bits(), random.bits()] as const;
    const cursors = arena.uint32(users);
    if (backend.run === undefined) {
      for (let round = 0; round < blocks; round++)
        bprRoundReference({ ...args, blocks, round, userOrder, itemOrder, blockOf, cursors, cumulative, key });
      return;
    }
    const entries = within(backend, arena, indices);
    const [starts, p, q, bias] = [offsets, userFactors, itemFactors, itemBias].map((array) => within(backend, arena, array));
    let longest = 0;
    for (let user = 0; user < users; user++) longest = Math.max(longest, offsets[user + 1] - offsets[user]);
    const arrange = [read(userOrder), read(starts), update(entries), read(blockOf), write(cursors), blocks, users];
    backend.run("bprArrange", { range: users, grain: 256, scratch: 1024 + longest * 4 }, arrange);
    for (let round = 0; round < blocks; round++)
      backend.run("bprRound", { range: blocks, grain: 1 }, [
        ...[
          read(userOrder),
          read(starts),
          read(entries),
          update(cursors),
          read(itemOrder),
          cumulative === undefined ? 0 : read(cumulative),
        ],
        ...[
          users,
          items,
          blocks,
          round,
          read(blockOf),
          update(p),
          update(q),
          update(bias),
          k,
          args.learningRate,
          args.regularization,
          ...key,
          args.candidates ?? 1,
        ],
      ]);
    for (const [outside, inside] of [
      [indices, entries],
      [userFactors, p],
      [itemFactors, q],
      [itemBias, bias],
    ])
      if (inside !== outside) outside.set(inside);
  } finally {
    arena.release();
  }
}

/**
 * User vectors for histories with fixed items: `epochs` passes of the steps of {@link bprEpoch} over each history, starting at 0, with negatives from
 * all items and a learning rate that decreases to 0. The random stream of a row depends on its entries, so equal histories give equal vectors.
 */
export function bprFoldIn(backend: Backend, args: BprFoldInArguments): void {
  const { rows, items, itemFactors, itemBias, dimensions: k, learningRate, regularization, epochs, out } = args;
  checkLength("bprFoldIn", "itemFactors", itemFactors, items * k);
  checkLength("bprFoldIn", "itemBias", itemBias, items);
  checkLength("bprFoldIn", "out", out, rows.rows * k);
  if (backend.run === undefined) return bprFoldInReference(args);
  if (rows.rows === 0) return;
  backend.run("bprFoldIn", { range: rows.rows, grain: 16 }, [
    ...[read(rows.offsets), read(rows.indices), read(itemFactors), read(itemBias), items, k],
    ...[learningRate, regularization, epochs, write(out)],
  ]);
}

function ascending(array: Uint32Array): Uint32Array {
  for (let i = 0; i < array.length; i++) array[i] = i;
  return array;
}
