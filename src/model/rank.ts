import type { Csr } from "../data/csr.ts";
import type { Backend } from "../kernel/backend.ts";
import { gemm } from "../kernel/gemm.ts";
import { sparseScores, topKSparse } from "../kernel/sparse-scores.ts";
import { topKDense, topKInner, topKScores } from "../kernel/top-k.ts";
import type { Histories } from "./histories.ts";
import { rankPairs, scoreAllByPairs } from "./rank-pairs.ts";
import { rankSome, scoreAllBySome } from "./rank-some.ts";
import { NO_ITEM, type RankedLists, type Ranker, type RankOptions, type Selection } from "./ranked-lists.ts";

/** Most floats in a block of scores: bounds memory for any number of queries. */
const BLOCK_FLOATS = 1 << 24;

/**
 * The k best items of each history. Places that the scores leave empty (an empty history, or items that an item-to-item model doesn't reach) are
 * filled with the most popular items, at score 0, so lists don't end early.
 */
export function rank(ranker: Ranker, asked: Histories, { k, exclude, candidates }: RankOptions): RankedLists {
  const { definition, state, options, itemCount } = ranker;
  const histories = asked.within(itemCount);
  const allowed = candidates === undefined ? undefined : mask(candidates, itemCount);
  const lists: RankedLists = { k, items: new Uint32Array(histories.rows * k), scores: new Float32Array(histories.rows * k) };
  const dense = definition.score !== undefined || definition.scorePairs !== undefined;
  const width = dense ? itemCount : (definition.itemFactors?.(state, options).dimensions ?? 1);
  const block = Math.max(1, Math.min(16_384, Math.floor(BLOCK_FLOATS / width)));
  for (let from = 0; from < histories.rows; from += block) {
    const to = Math.min(from + block, histories.rows);
    const whole = from === 0 && to === histories.rows;
    const without = exclude === undefined || whole ? exclude : slice(exclude, from, to);
    const selection = { k, ...(without ? { exclude: without } : {}), ...(allowed ? { allowed } : {}) };
    const result = rankBlock(ranker, histories.slice(from, to), selection);
    lists.items.set(result.items, from * k);
    lists.scores.set(result.scores, from * k);
  }
  // rankSome has already filled up its lists.
  if (!definition.ignoresHistory && definition.scoreSome === undefined) fillWithPopular(ranker, histories, lists, exclude, allowed);
  return lists;
}

function rankBlock(ranker: Ranker, histories: Histories, selection: Selection): Pick<RankedLists, "items" | "scores"> {
  const { definition, state, options, itemCount, backend } = ranker;
  if (definition.scoreSome !== undefined) return rankSome(ranker, histories, selection);
  if (definition.scorePairs !== undefined) return rankPairs(ranker, histories, selection);
  const matrix = definition.itemToItem?.(state, options);
  if (matrix !== undefined) {
    const profiles = definition.profile?.(state, histories, options) ?? histories.bag();
    return matrix.kind === "sparse"
      ? topKSparse(backend, { histories: profiles, matrix: residentRows(backend, matrix), ...selection })
      : topKDense(backend, { histories: profiles, matrix: backend.resident(matrix.values), items: itemCount, ...selection });
  }
  const arena = backend.arena();
  try {
    if (definition.embed !== undefined && definition.itemFactors !== undefined) {
      const { dimensions, factors, bias } = definition.itemFactors(state, options);
      const queries = arena.float32(histories.rows * dimensions);
      definition.embed(state, histories, queries, options, { backend });
      const items = { factors: backend.resident(factors), items: itemCount, dimensions, ...(bias ? { bias } : {}) };
      return topKInner(backend, { queries, rows: histories.rows, ...items, ...selection });
    }
    const scores = arena.float32(histories.rows * itemCount);
    definition.score?.(state, histories, scores, options, { backend });
    return topKScores(backend, { scores, rows: histories.rows, items: itemCount, ...selection });
  } finally {
    arena.release();
  }
}

/** Scores of all items for each history: `out` is row-major, rows x items. */
export function scoreAll(ranker: Ranker, asked: Histories, out: Float32Array): void {
  const { definition, state, options, itemCount, backend } = ranker;
  const histories = asked.within(itemCount);
  if (definition.scoreSome !== undefined) return scoreAllBySome(ranker, histories, out);
  if (definition.scorePairs !== undefined) return scoreAllByPairs(ranker, histories, out);
  const matrix = definition.itemToItem?.(state, options);
  if (matrix !== undefined) {
    const profiles = definition.profile?.(state, histories, options) ?? histories.bag();
    if (matrix.kind === "sparse") sparseScores(backend, { histories: profiles, matrix: residentRows(backend, matrix), out });
    else scoreDense(profiles, matrix.values, itemCount, out);
    return;
  }
  if (definition.embed !== undefined && definition.itemFactors !== undefined) {
    const { dimensions, factors, bias } = definition.itemFactors(state, options);
    const queries = new Float32Array(histories.rows * dimensions);
    definition.embed(state, histories, queries, options, { backend });
    gemm(backend, { a: queries, b: backend.resident(factors), out, m: histories.rows, n: itemCount, k: dimensions, transposeB: true });
    if (bias !== undefined) for (let at = 0; at < out.length; at++) out[at] += bias[at % itemCount];
    return;
  }
  definition.score?.(state, histories, out, options, { backend });
}

function scoreDense(histories: Csr, matrix: Float32Array, items: number, out: Float32Array): void {
  out.fill(0);
  for (let row = 0; row < histories.rows; row++)
    for (let i = histories.offsets[row]; i < histories.offsets[row + 1]; i++) {
      const from = histories.indices[i] * items;
      const value = histories.values[i];
      for (let j = 0; j < items; j++) out[row * items + j] += value * matrix[from + j];
    }
}

/**
 * Replaces items of score 0 that the history doesn't reach with popular ones: in the list of an empty history, and at the end of a list that an
 * item-to-item matrix couldn't fill.
 */
function fillWithPopular(
  ranker: Ranker,
  histories: Histories,
  lists: RankedLists,
  exclude: Csr | undefined,
  allowed: Uint8Array | undefined,
): void {
  const { byPopularity, itemCount, definition, state, options } = ranker;
  const matrix = definition.itemToItem?.(state, options);
  const sparse = matrix?.kind === "sparse" ? matrix : undefined;
  const { k, items, scores } = lists;
  const taken = new Uint32Array(itemCount);
  for (let row = 0; row < histories.rows; row++) {
    const from = histories.offsets[row];
    const to = histories.offsets[row + 1];
    const empty = from === to;
    const begin = row * k;
    const end = begin + k;
    if (!empty && (sparse === undefined || !hasZero(scores, begin, end))) continue;
    const mark = row + 1;
    if (exclude !== undefined) for (let i = exclude.offsets[row]; i < exclude.offsets[row + 1]; i++) taken[exclude.indices[i]] = mark;
    // Items that the history reaches keep their scores and places.
    if (sparse !== undefined)
      for (let i = from; i < to; i++) {
        const item = histories.item[i];
        for (let j = sparse.offsets[item]; j < sparse.offsets[item + 1]; j++) taken[sparse.indices[j]] = mark;
      }
    for (let at = begin; at < end && items[at] !== NO_ITEM; at++) if (scores[at] !== 0) taken[items[at]] = mark;
    let next = 0;
    for (let at = begin; at < end; at++) {
      if (items[at] === NO_ITEM) break;
      if (scores[at] !== 0 || (!empty && taken[items[at]] === mark)) continue;
      while (next < itemCount && (taken[byPopularity[next]] === mark || (allowed !== undefined && allowed[byPopularity[next]] === 0)))
        next++;
      if (next === itemCount) break;
      items[at] = byPopularity[next++];
      scores[at] = 0;
    }
  }
}

function hasZero(scores: Float32Array, begin: number, end: number): boolean {
  for (let at = begin; at < end; at++) if (scores[at] === 0) return true;
  return false;
}

function residentRows(backend: Backend, matrix: Csr): Csr {
  const { rows, columns, offsets, indices, values } = matrix;
  return { rows, columns, offsets: backend.resident(offsets), indices: backend.resident(indices), values: backend.resident(values) };
}

/** Rows of a matrix, sharing memory. */
function slice({ columns, offsets, indices, values }: Csr, from: number, to: number): Csr {
  const [begin, end] = [offsets[from], offsets[to]];
  const starts = offsets.slice(from, to + 1);
  for (let row = 0; row < starts.length; row++) starts[row] -= begin;
  return { rows: to - from, columns, offsets: starts, indices: indices.subarray(begin, end), values: values.subarray(begin, end) };
}

function mask(items: Uint32Array, itemCount: number): Uint8Array {
  const allowed = new Uint8Array(itemCount);
  for (const item of items) allowed[item] = 1;
  return allowed;
}
