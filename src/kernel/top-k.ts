import { RecoError } from "../util/errors.ts";
import { checkLength, within } from "./arrays.ts";
import { type ArrayArgument, type Backend, read, update, write } from "./backend.ts";
import { type TopKResult, type TopKSelection, topKReference } from "./reference/top-k.ts";
import type { SparseRows } from "./sparse-rows.ts";

/** Padding for rows with fewer than k items to return. */
export const NO_ITEM = 0xffffffff;

export interface TopKScoresArguments extends TopKSelection {
  /** rows x items. */
  readonly scores: Float32Array;
  readonly rows: number;
  readonly items: number;
}

export interface TopKInnerArguments extends TopKSelection {
  /** rows x dimensions. */
  readonly queries: Float32Array;
  readonly rows: number;
  /** items x dimensions. */
  readonly factors: Float32Array;
  readonly items: number;
  readonly dimensions: number;
  /** Added to the score of each item. */
  readonly bias?: Float32Array;
}

export interface TopKDenseArguments extends TopKSelection {
  /** rows x items. */
  readonly histories: SparseRows;
  /** items x items, row-major. */
  readonly matrix: Float32Array;
  readonly items: number;
}

/** Below this many rows, a single row is cut into segments, so that threads can share it. */
const FEW_ROWS = 8;

/**
 * The k best items of each row of given scores. Scores of NaN and -Infinity are never returned.
 *
 * @throws RecoError `bad-input` if arrays don't match.
 */
export function topKScores(backend: Backend, args: TopKScoresArguments): TopKResult {
  const { scores, rows, items, k } = args;
  checkSelection("topKScores", args, rows, items);
  checkLength("topKScores", "scores", scores, rows * items);
  if (backend.run === undefined) return topKReference(args, rows, items, (row) => scores.subarray(row * items, (row + 1) * items));
  const length = rows < FEW_ROWS ? segmentLength(items, 32768, k) : Math.max(1, items);
  const segments = Math.max(1, Math.ceil(items / length));
  const grain = Math.max(1, Math.floor(65536 / length));
  return select(backend, args, rows, items, segments, (common) => {
    const work = { range: rows * segments, grain, scratch: 16 + selectionBytes(k) };
    backend.run?.("topKScores", work, [...common, read(scores), segments, length]);
  });
}

/**
 * The k best items of each row by the inner product of query and item factors (plus an item bias), exactly, without ever storing rows x items scores.
 * For many rows, items are packed, longest vectors first, and items whose length rules them out are skipped (Teflioudi et al. 2015, LEMP). A query
 * gets the same bits alone as among many.
 *
 * @throws RecoError `bad-input` if arrays don't match.
 */
export function topKInner(backend: Backend, args: TopKInnerArguments): TopKResult {
  const { queries, rows, factors, items, dimensions, bias, k } = args;
  checkSelection("topKInner", args, rows, items);
  checkLength("topKInner", "queries", queries, rows * dimensions);
  checkLength("topKInner", "factors", factors, items * dimensions);
  if (bias !== undefined) checkLength("topKInner", "bias", bias, items);
  if (backend.run === undefined) return topKReference(args, rows, items, (row) => innerProducts(args, row));
  if (rows >= FEW_ROWS) return innerOfMany(backend, args);
  const length = segmentLength(items, 2 ** 18 / Math.max(1, dimensions), k);
  const segments = Math.max(1, Math.ceil(items / length));
  return select(backend, args, rows, items, segments, (common) => {
    const scratch = 128 * 4 + 64 + rows * (4 + selectionBytes(k));
    const rest = [read(queries), rows, read(factors), dimensions, bias === undefined ? 0 : read(bias), segments, length];
    backend.run?.("topKFew", { range: segments, grain: 1, scratch }, [...common, ...rest]);
  });
}

/**
 * The k best items of each row by `history row times dense matrix`, which is how linear models such as EASE score.
 *
 * @throws RecoError `bad-input` if arrays don't match.
 */
export function topKDense(backend: Backend, args: TopKDenseArguments): TopKResult {
  const { histories, matrix, items, k } = args;
  const { rows } = histories;
  checkSelection("topKDense", args, rows, items);
  checkLength("topKDense", "matrix", matrix, items * items);
  if (histories.columns > items)
    throw new RecoError("bad-input", `topKDense: the histories have ${histories.columns} columns, but there are ${items} items.`);
  if (backend.run === undefined) return topKReference(args, rows, items, (row) => historyTimesMatrix(args, row));
  const block = Math.max(1, Math.min(256, Math.ceil(rows / 8), Math.floor(2 ** 20 / selectionBytes(k))));
  return select(backend, args, rows, items, 1, (common) => {
    const work = { range: rows, grain: block, scratch: 192 + items * 128 * 4 + block * (4 + selectionBytes(k)) };
    const { offsets, indices, values } = histories;
    backend.run?.("topKDense", work, [...common, read(offsets), read(indices), read(values), read(matrix), block]);
  });
}

function innerOfMany(backend: Backend, args: TopKInnerArguments): TopKResult {
  const { queries, rows, factors, items, dimensions, bias, k, allowed } = args;
  const arena = backend.arena();
  try {
    const vectors = within(backend, arena, factors);
    const lengths = arena.float32(items);
    backend.run?.("norms", { range: items, grain: 4096 }, [read(vectors), dimensions, write(lengths)]);
    const order = arena.copy(promisingFirst(lengths, bias, allowed, items));
    const panels = Math.ceil(order.length / 8);
    const packed = arena.float32(panels * 8 * dimensions);
    const packedBias = arena.float32(panels * 8);
    const bounds = arena.float32(panels * 2);
    backend.run?.("packItems", { range: panels, grain: 256 }, [
      ...[read(vectors), dimensions, bias === undefined ? 0 : read(bias), read(order), order.length],
      ...[update(packed), update(packedBias), update(bounds), read(lengths)],
    ]);
    const fitting = Math.floor(2 ** 19 / selectionBytes(k));
    const block = Math.max(4, Math.floor(Math.min(64, rows / 8, fitting) / 4) * 4);
    return select(backend, args, rows, items, 1, (common) => {
      const work = { range: Math.ceil(rows / block), grain: 1, scratch: 128 + block * (8 + dimensions * 4 + selectionBytes(k)) };
      const rest = [read(queries), rows, dimensions, read(packed), read(packedBias), read(bounds), read(order), panels, block];
      backend.run?.("topKInner", work, [...common.slice(0, 6), ...rest]);
    });
  } finally {
    arena.release();
  }
}

/** The items that may be returned, roughly those with potentially high scores first: bounds are computed per panel. */
function promisingFirst(
  lengths: Float32Array,
  bias: Float32Array | undefined,
  allowed: Uint8Array | undefined,
  items: number,
): Uint32Array {
  const buckets = 4096;
  let high = 0;
  for (let i = 0; i < items; i++) if (Number.isFinite(lengths[i])) high = Math.max(high, lengths[i]);
  let least = 0;
  let most = 0;
  if (bias !== undefined)
    for (let i = 0; i < items; i++) {
      if (!Number.isFinite(bias[i])) continue;
      least = Math.min(least, bias[i]);
      most = Math.max(most, bias[i]);
    }
  const range = high + most - least || 1;
  const bucketOf = (i: number) => {
    const reach = lengths[i] + (bias === undefined ? 0 : bias[i] - least);
    const bucket = Math.floor((1 - reach / range) * buckets);
    return bucket >= 0 ? Math.min(bucket, buckets - 1) : 0;
  };
  const starts = new Uint32Array(buckets + 1);
  for (let i = 0; i < items; i++) if (allowed === undefined || allowed[i] !== 0) starts[bucketOf(i) + 1]++;
  for (let b = 0; b < buckets; b++) starts[b + 1] += starts[b];
  const order = new Uint32Array(starts[buckets]);
  for (let i = 0; i < items; i++) if (allowed === undefined || allowed[i] !== 0) order[starts[bucketOf(i)]++] = i;
  return order;
}

/** Runs a kernel that selects from each of `segments` segments of the items, and merges the results. */
function select(
  backend: Backend,
  { k, exclude, allowed }: TopKSelection,
  rows: number,
  items: number,
  segments: number,
  run: (common: (number | ArrayArgument)[]) => void,
): TopKResult {
  const result = { items: new Uint32Array(rows * k), scores: new Float32Array(rows * k) };
  if (rows === 0 || k === 0) return result;
  const found = segments === 1 ? result : { items: new Uint32Array(rows * segments * k), scores: new Float32Array(rows * segments * k) };
  const excluded = exclude === undefined || exclude.indices.length === 0 ? [0, 0] : [read(exclude.offsets), read(exclude.indices)];
  run([items, k, write(found.items), write(found.scores), ...excluded, allowed === undefined ? 0 : read(allowed)]);
  if (segments > 1) {
    const outputs = [write(result.items), write(result.scores), read(found.items), read(found.scores)];
    backend.run?.("topKMerge", { range: rows, grain: 1, scratch: 16 + selectionBytes(k) }, [segments * k, k, ...outputs]);
  }
  return result;
}

/** The layout in assembly/selection.ts. */
function selectionBytes(k: number): number {
  return 16 + 8 * (2 * k + 64);
}

/** Long enough that a segment's selection is small in comparison. */
function segmentLength(items: number, about: number, k: number): number {
  return Math.max(1, Math.min(items, Math.max(512, Math.round(about), 4 * k)));
}

function checkSelection(kernel: string, { k, exclude, allowed }: TopKSelection, rows: number, items: number): void {
  if (!Number.isInteger(k) || k < 0) throw new RecoError("bad-input", `${kernel}: k must be a whole number of at least 0, not ${k}.`);
  if (exclude !== undefined && exclude.rows < rows)
    throw new RecoError("bad-input", `${kernel}: \`exclude\` has ${exclude.rows} rows instead of ${rows}.`);
  if (allowed !== undefined) checkLength(kernel, "allowed", allowed, items);
}

function innerProducts({ queries, factors, items, dimensions, bias }: TopKInnerArguments, row: number): Float32Array {
  return Float32Array.from({ length: items }, (_, item) => {
    let sum = 0;
    for (let p = 0; p < dimensions; p++) sum += queries[row * dimensions + p] * factors[item * dimensions + p];
    return bias === undefined ? sum : Math.fround(sum) + bias[item];
  });
}

function historyTimesMatrix({ histories, matrix, items }: TopKDenseArguments, row: number): Float32Array {
  const scores = new Float64Array(items);
  for (let at = histories.offsets[row]; at < histories.offsets[row + 1]; at++)
    for (let item = 0; item < items; item++) scores[item] += histories.values[at] * matrix[histories.indices[at] * items + item];
  return Float32Array.from(scores);
}
