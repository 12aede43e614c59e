import { checkLength } from "./arrays.ts";
import { type Backend, read, write } from "./backend.ts";
import { mirrorUpper } from "./gram.ts";
import { sparseGramReference } from "./reference/sparse-gram.ts";
import { checkSparse, valuesUnlessOnes } from "./sparse-arguments.ts";
import type { SparseRows } from "./sparse-rows.ts";

export interface SparseGramArguments {
  readonly matrix: SparseRows;
  /** The result, columns x columns; allocated if omitted. */
  readonly out?: Float32Array;
}

/**
 * The inner products of all pairs of columns of a sparse matrix, `X' X`, dense, row-major and symmetric. Sums are in single precision and in ascending
 * row order, so they have the same bits on any number of threads. Counts are exact up to 2^24.
 *
 * @returns `out`, or a new array of columns x columns numbers
 * @throws RecoError `bad-input` if arrays don't match.
 */
export function sparseGram(backend: Backend, { matrix, out = new Float32Array(matrix.columns ** 2) }: SparseGramArguments): Float32Array {
  const { columns } = matrix;
  checkSparse("sparseGram", "matrix", matrix);
  checkLength("sparseGram", "out", out, columns * columns);
  if (backend.run === undefined) {
    sparseGramReference(matrix, out);
    return out;
  }
  const arena = backend.arena();
  try {
    const result = backend.owns(out) ? out : arena.float32(columns * columns);
    const { starts, rows, places } = entriesByColumn(matrix);
    const values = valuesUnlessOnes(matrix.values);
    backend.run("sparseGram", { range: columns, grain: Math.max(1, Math.min(16, columns >> 6)) }, [
      ...[read(matrix.offsets), read(matrix.indices), values ? read(values) : 0],
      ...[read(starts), read(rows), read(places), write(result), columns],
    ]);
    mirrorUpper(backend, result, columns);
    if (result !== out) out.set(result);
    return out;
  } finally {
    arena.release();
  }
}

/** For each column, the rows of its entries, ascending, and the positions of these entries among all. */
function entriesByColumn({ rows, columns, offsets, indices }: SparseRows): { starts: Uint32Array; rows: Uint32Array; places: Uint32Array } {
  const starts = new Uint32Array(columns + 1);
  for (let e = 0; e < indices.length; e++) starts[indices[e] + 1]++;
  for (let c = 0; c < columns; c++) starts[c + 1] += starts[c];
  const next = starts.slice(0, columns);
  const rowOf = new Uint32Array(indices.length);
  const places = new Uint32Array(indices.length);
  for (let r = 0; r < rows; r++)
    for (let e = offsets[r]; e < offsets[r + 1]; e++) {
      const at = next[indices[e]]++;
      rowOf[at] = r;
      places[at] = e;
    }
  return { starts, rows: rowOf, places };
}
