import { checkLength, within } from "./arrays.ts";
import { type Backend, read, update, write } from "./backend.ts";
import { type GemmArguments, gemmReference } from "./reference/gemm.ts";

/** Up to this many rows, packing costs more than it saves. */
const FEW_ROWS = 4;

/**
 * Matrix product `out = op(a) op(b)`, or `out += …`, where op optionally transposes.
 *
 * The order of additions depends only on the shapes, so results are the same on any number of threads.
 *
 * @throws RecoError `bad-input` if an array is too short for its shape.
 */
export function gemm(backend: Backend, args: GemmArguments): void {
  const { a, b, out, m, n, k, transposeA = false, transposeB = false, accumulate = false } = args;
  checkLength("gemm", "a", a, m * k);
  checkLength("gemm", "b", b, k * n);
  checkLength("gemm", "out", out, m * n);
  if (m === 0 || n === 0) return;
  if (backend.run === undefined) return gemmReference(args);
  if (k === 0) {
    if (!accumulate) out.fill(0, 0, m * n);
    return;
  }
  if (m <= FEW_ROWS && (!transposeA || m === 1)) return fewRows(backend, args);
  // One column: the transposed product has one row.
  if (n === 1) return fewRows(backend, { a: b, b: a, out, m: 1, n: m, k, transposeB: !transposeA, accumulate });

  const arena = backend.arena();
  try {
    const result = within(backend, arena, out);
    multiplyStrided(backend, {
      ...{ a: within(backend, arena, a), rowA: transposeA ? 1 : k, stepA: transposeA ? m : 1 },
      ...{ b: within(backend, arena, b), columnB: transposeB ? k : 1, stepB: transposeB ? 1 : n },
      ...{ out: result, stride: n, m, n, k, accumulate },
    });
    if (result !== out) out.set(result);
  } finally {
    arena.release();
  }
}

/** A few rows at once, without packing: inner products of rows, or sums of rows of b. */
function fewRows(backend: Backend, { a, b, out, m, n, k, transposeB, accumulate }: GemmArguments): void {
  const kernel = transposeB ? "gemmFewDots" : "gemmFewSums";
  const grain = Math.max(64, Math.ceil(32768 / k / 16) * 16);
  const args = [m, n, k, accumulate ? 1 : 0];
  backend.run?.(kernel, { range: n, grain }, [read(a), read(b), (accumulate || out.length > m * n ? update : write)(out), ...args]);
}

/** A product of matrices with any layout: every array in kernel memory, strides in numbers. */
export interface StridedProduct {
  readonly a: Float32Array;
  /** From a row of op(a) to the next. */
  readonly rowA: number;
  /** From a step of the inner dimension to the next. */
  readonly stepA: number;
  readonly b: Float32Array;
  readonly columnB: number;
  readonly stepB: number;
  readonly out: Float32Array;
  /** From a row of `out` to the next. */
  readonly stride: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly accumulate: boolean;
}

/** Steps of the inner dimension packed at once: a panel of 8 columns stays in the L1 cache. */
const DEPTH = 256;
/** Columns packed at once: 4 MB. */
const COLUMNS = 4096;
/** Rows per part: 64 KB when packed. */
const ROWS = 64;

/** {@link gemm} in blocks (Goto and van de Geijn 2008): packs a block of b once, then distributes blocks of rows. */
export function multiplyStrided(backend: Backend, product: StridedProduct): void {
  const { a, rowA, stepA, b, columnB, stepB, out, stride, m, n, k, accumulate } = product;
  const arena = backend.arena();
  try {
    const packed = arena.float32(Math.min(k, DEPTH) * Math.ceil(Math.min(n, COLUMNS) / 8) * 8);
    for (let column = 0; column < n; column += COLUMNS)
      for (let step = 0; step < k; step += DEPTH) {
        const columns = Math.min(COLUMNS, n - column);
        const depth = Math.min(DEPTH, k - step);
        const block = b.subarray(column * columnB + step * stepB);
        backend.run?.("packColumns", { range: columns, grain: 256 }, [read(block), write(packed), columns, depth, columnB, stepB]);
        const rowBlocks = Math.ceil(m / ROWS);
        // At least 16 parts if there are enough columns, so that threads share the work evenly.
        const group = Math.max(64, Math.ceil(columns / Math.ceil(16 / rowBlocks) / 8) * 8);
        const splits = Math.ceil(columns / group);
        const add = accumulate || step > 0 ? 1 : 0;
        backend.run?.("gemm", { range: rowBlocks * splits, grain: 1, scratch: 128 + ROWS * DEPTH * 4 }, [
          ...[read(a.subarray(step * stepA)), read(packed), update(out.subarray(column))],
          ...[m, columns, depth, rowA, stepA, stride, add, ROWS, splits, group],
        ]);
      }
  } finally {
    arena.release();
  }
}
