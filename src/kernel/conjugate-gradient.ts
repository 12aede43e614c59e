import { checkLength } from "./arrays.ts";
import { type Backend, read, update, write } from "./backend.ts";
import { checkPositiveDefinite } from "./cholesky.ts";
import { type ConjugateGradientArguments, conjugateGradientReference } from "./reference/conjugate-gradient.ts";

/** Work per part, in multiplications. */
const PART = 2 ** 20;

/**
 * Improves solutions of many small symmetric positive definite systems by conjugate gradient steps (Hestenes and Stiefel 1952), in single precision.
 *
 * @throws RecoError `bad-input` if an array is too short, or if a step shows that a matrix is not positive definite.
 */
export function conjugateGradient(backend: Backend, args: ConjugateGradientArguments): void {
  const { matrices, rhs, solutions, count, size, steps } = args;
  checkLength("conjugateGradient", "matrices", matrices, count * size * size);
  checkLength("conjugateGradient", "rhs", rhs, count * size);
  checkLength("conjugateGradient", "solutions", solutions, count * size);
  if (count === 0 || size === 0) return;
  const status = new Int32Array(count);
  if (backend.run === undefined) conjugateGradientReference(args, status);
  else {
    const padded = Math.ceil(size / 4) * 4;
    const grain = Math.max(1, Math.round(PART / (size * size * (steps + 1))));
    const args = [read(matrices), read(rhs), update(solutions), write(status), size, steps];
    backend.run("conjugateGradient", { range: count, grain, scratch: padded * (padded + 5) * 4 }, args);
  }
  checkPositiveDefinite("conjugateGradient", status);
}
