import { RecoError } from "../util/errors.ts";
import { checkLength, within } from "./arrays.ts";
import { type Backend, read, update } from "./backend.ts";
import { type InvertSymmetricArguments, invertSymmetricReference } from "./reference/inverse.ts";

/** Rows and columns swept at once. */
const BLOCK = 128;
/** Rows per part, as in assembly/inverse.ts. */
const ROWS = 64;

/**
 * Replaces a symmetric positive definite matrix of up to about ten thousand rows by its inverse, in place and in single precision: n^3 operations.
 * The relative error is about the condition number times 1e-7, which is fine for well-regularized Gram matrices.
 *
 * @throws RecoError `bad-input` if the array is too short, or if the matrix is not positive definite; the contents of `matrix` are then undefined.
 */
export function invertSymmetric(backend: Backend, args: InvertSymmetricArguments): void {
  const { matrix, size } = args;
  checkLength("invertSymmetric", "matrix", matrix, size * size);
  if (size === 0) return;
  const bad = backend.run === undefined ? invertSymmetricReference(args) : invertInKernels(backend, args);
  if (bad >= 0)
    throw new RecoError(
      "bad-input",
      `invertSymmetric: the matrix is not positive definite (at row ${bad} of ${size}), or contains NaN. Raise the regularization, or check the data for NaN.`,
    );
}

/** Returns -1, or the row whose pivot is not positive. */
function invertInKernels(backend: Backend, { matrix, size }: InvertSymmetricArguments): number {
  const arena = backend.arena();
  try {
    const result = within(backend, arena, matrix);
    const block = Math.min(BLOCK, size);
    const padded = Math.ceil(size / 8) * 8;
    const pivot = arena.float32(block * block);
    const packedPivot = arena.float32(block * (block + 7));
    const before = arena.float32(padded * block);
    const after = arena.float32(padded * block);
    const diagonal = arena.float32(size);
    const status = arena.int32(1).fill(-1);
    for (let i = 0; i < size; i++) diagonal[i] = result[i * (size + 1)];
    const parts = Math.ceil(size / ROWS);
    const work = { range: parts, grain: 1, scratch: 128 + 2 * ROWS * block * 4 };
    const arrays = [update(pivot), update(packedPivot), update(before), update(after), read(diagonal), update(status)];
    for (let first = 0; first < size; first += block) {
      const args = [update(result), size, first, Math.min(block, size - first), ...arrays];
      backend.run?.("sweepPivot", { range: 1, grain: 1 }, args);
      if (status[0] >= 0) return status[0];
      backend.run?.("sweepPanel", work, args);
      backend.run?.("sweepUpdate", work, args);
    }
    backend.run?.("sweepFinish", work, [update(result), size]);
    if (result !== matrix) matrix.set(result);
    return -1;
  } finally {
    arena.release();
  }
}
