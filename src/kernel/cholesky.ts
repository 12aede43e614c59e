import { RecoError } from "../util/errors.ts";
import { checkLength } from "./arrays.ts";
import { type Backend, read, update, write } from "./backend.ts";
import { type CholeskySolveArguments, choleskySolveReference } from "./reference/cholesky.ts";

/** Work per part, in multiplications: a few tenths of a millisecond. */
const PART = 2 ** 21;

/**
 * Solves many small symmetric positive definite systems by Cholesky factorization, in single precision. Designed for sizes of 8 to 256.
 *
 * @throws RecoError `bad-input` if an array is too short, or if a matrix is not positive definite: the message has its index.
 */
export function choleskySolve(backend: Backend, args: CholeskySolveArguments): void {
  const { matrices, rhs, count, size } = args;
  checkLength("choleskySolve", "matrices", matrices, count * size * size);
  checkLength("choleskySolve", "rhs", rhs, count * size);
  if (count === 0 || size === 0) return;
  const status = new Int32Array(count);
  if (backend.run === undefined) choleskySolveReference(args, status);
  else {
    const padded = Math.ceil(size / 4) * 4;
    const work = { range: count, grain: Math.max(1, Math.round((PART * 6) / size ** 3)), scratch: padded * (padded + 1) * 4 };
    backend.run("choleskySolve", work, [read(matrices), update(rhs), write(status), size]);
  }
  checkPositiveDefinite("choleskySolve", status);
}

/** @throws RecoError `bad-input` if a system's status is a row rather than -1. */
export function checkPositiveDefinite(kernel: string, status: Int32Array): void {
  const bad = status.findIndex((row) => row >= 0);
  if (bad < 0) return;
  throw new RecoError(
    "bad-input",
    `${kernel}: matrix ${bad} of ${status.length} is not positive definite (or contains NaN). Raise the regularization, or check the data for NaN.`,
  );
}
