import { checkLength } from "./arrays.ts";
import { type Backend, read, write } from "./backend.ts";
import { sparseScoresReference, type TopKSparseArguments, topKSparseReference } from "./reference/sparse-scores.ts";
import type { TopKResult } from "./reference/top-k.ts";
import { checkProduct, checkSparse } from "./sparse-arguments.ts";
import type { SparseRows } from "./sparse-rows.ts";

export interface SparseScoresArguments {
  /** One history per row, over items. */
  readonly histories: SparseRows;
  /** From history items (rows) to scored items (columns); any sparse matrix with as many rows as the histories have columns. */
  readonly matrix: SparseRows;
  /** histories.rows x matrix.columns, row-major. */
  readonly out: Float32Array;
}

/**
 * Dense product of sparse histories and a sparse matrix. Sums are in single precision, in the order of a history's entries.
 *
 * @throws RecoError `bad-input` if arrays don't match.
 */
export function sparseScores(backend: Backend, { histories, matrix, out }: SparseScoresArguments): void {
  checkProduct("sparseScores", "histories", histories, "matrix", matrix);
  checkLength("sparseScores", "out", out, histories.rows * matrix.columns);
  if (backend.run === undefined) return sparseScoresReference(histories, matrix, out);
  if (matrix.columns === 0) return;
  backend.run("sparseScores", { range: histories.rows, grain: 8 }, [...operands(histories, matrix), matrix.columns, write(out)]);
}

/**
 * The k best columns of each row of `histories * matrix`, best first, ties by lower index. Columns that nothing reaches have score 0 and are included.
 * Gives the same lists as `topKScores` on {@link sparseScores}, without the intermediate dense scores.
 *
 * @throws RecoError `bad-input` if arrays don't match.
 */
export function topKSparse(backend: Backend, args: TopKSparseArguments): TopKResult {
  const { histories, matrix, k, exclude, allowed } = args;
  const { columns } = matrix;
  checkProduct("topKSparse", "histories", histories, "matrix", matrix);
  if (exclude) {
    checkSparse("topKSparse", "exclude", exclude);
    checkLength("topKSparse", "exclude.offsets", exclude.offsets, histories.rows + 1);
  }
  if (allowed) checkLength("topKSparse", "allowed", allowed, columns);
  if (backend.run === undefined) return topKSparseReference(args);
  const items = new Uint32Array(histories.rows * k);
  const scores = new Float32Array(histories.rows * k);
  const capacity = Math.min(3 * k, columns + k) + 1;
  const scratch = ((columns + 3) & ~3) * 4 + 16 + capacity * 8;
  backend.run("topKSparse", { range: histories.rows, grain: 8, scratch }, [
    ...[...operands(histories, matrix), columns, k, capacity],
    ...[exclude ? read(exclude.offsets) : 0, exclude ? read(exclude.indices) : 0, allowed ? read(allowed) : 0],
    ...[write(items), write(scores)],
  ]);
  return { items, scores };
}

function operands(left: SparseRows, right: SparseRows) {
  return [
    ...[read(left.offsets), read(left.indices), read(left.values)],
    ...[read(right.offsets), read(right.indices), read(right.values)],
  ];
}
