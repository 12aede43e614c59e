import { checkLength, within } from "./arrays.ts";
import { type Backend, read, update } from "./backend.ts";
import { multiplyStrided } from "./gemm.ts";
import { type GramArguments, gramReference } from "./reference/gram.ts";

/** Up to this many columns, parts of the rows are summed separately; above that, blocks of the result. */
const NARROW = 512;
/** Rows per part, unless that makes more than {@link PARTS} parts. */
const ROWS_IN_PART = 1024;
const PARTS = 64;
/** Rows of the result computed at once in the wide case. */
const STRIPE = 256;

/**
 * Gram matrix `out = scale * a' a` of the columns of a matrix, row-major and single precision. Half the work of a matrix product, and the same bits
 * on any number of threads.
 *
 * @throws RecoError `bad-input` if an array is too short for its shape.
 */
export function gram(backend: Backend, args: GramArguments): void {
  const { a, rows, columns, out, scale = 1 } = args;
  checkLength("gram", "a", a, rows * columns);
  checkLength("gram", "out", out, columns * columns);
  if (columns === 0) return;
  if (backend.run === undefined) return gramReference(args);
  if (rows === 0) {
    out.fill(0, 0, columns * columns);
    return;
  }
  const arena = backend.arena();
  try {
    const from = within(backend, arena, a);
    const result = within(backend, arena, out);
    if (columns <= NARROW) {
      const rowsInPart = Math.max(ROWS_IN_PART, Math.ceil(rows / PARTS));
      const parts = Math.ceil(rows / rowsInPart);
      const partial = arena.float32(parts * columns * columns);
      const scratch = 128 + 2 * Math.ceil(columns / 8) * 8 * 256 * 4;
      backend.run("gramPart", { range: parts, grain: 1, scratch }, [read(from), update(partial), rows, columns, rowsInPart]);
      backend.run("gramReduce", { range: columns, grain: 8 }, [read(partial), update(result), parts, columns, scale]);
    } else {
      for (let first = 0; first < columns; first += STRIPE)
        multiplyStrided(backend, {
          ...{ a: from.subarray(first), rowA: 1, stepA: columns, b: from.subarray(first), columnB: 1, stepB: columns },
          ...{ out: result.subarray(first * columns + first), stride: columns, accumulate: false },
          ...{ m: Math.min(STRIPE, columns - first), n: columns - first, k: rows },
        });
      if (scale !== 1) for (let i = 0; i < columns * columns; i++) result[i] *= scale;
    }
    mirrorUpper(backend, result, columns);
    if (result !== out) out.set(result);
  } finally {
    arena.release();
  }
}

/** Copies the upper triangle of a size x size matrix to the lower one. */
export function mirrorUpper(backend: Backend, matrix: Float32Array, size: number): void {
  backend.run?.("mirror", { range: Math.ceil(size / 64), grain: 1 }, [update(matrix), size]);
}
