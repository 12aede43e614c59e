import { RecoError } from "../util/errors.ts";
import { checkLength } from "./arrays.ts";
import { type Backend, read, update, write } from "./backend.ts";
import { type SupportRidgeArguments, supportRidgeReference } from "./reference/support-ridge.ts";
import { checkSparse } from "./sparse-arguments.ts";

/**
 * One ridge regression per target, each on its own few columns: the solution x of
 * `(gram[S, S] + regularization I) x = gram[S, target]` for the support S of the target. The work is cubic in the size of a support.
 *
 * @returns one coefficient per entry of `supports`, in its order
 * @throws RecoError `bad-input` if shapes don't match or a system is not positive definite.
 */
export function supportRidge(backend: Backend, args: SupportRidgeArguments): Float32Array {
  const { gram, supports, regularization } = args;
  checkSparse("supportRidge", "gram", gram);
  checkSparse("supportRidge", "supports", supports);
  checkLength("supportRidge", "gram.offsets", gram.offsets, supports.rows + 1);
  if (backend.run === undefined) return supportRidgeReference(args);
  const sizes = Uint32Array.from({ length: supports.rows }, (_, row) => supports.offsets[row + 1] - supports.offsets[row]);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const padded = (largest + 3) & ~3;
  const solutions = new Float32Array(supports.offsets[supports.rows]);
  const failed = new Uint8Array(supports.rows);
  // Large systems first, so that no thread is left with one at the end.
  const order = Uint32Array.from(sizes.keys()).sort((a, b) => sizes[b] - sizes[a] || a - b);
  backend.run("supportRidge", { range: order.length, grain: 4, scratch: (padded * padded + padded) * 4 }, [
    ...[read(gram.offsets), read(gram.indices), read(gram.values), read(supports.offsets), read(supports.indices)],
    ...[read(order), regularization, largest, write(solutions), update(failed)],
  ]);
  const bad = failed.indexOf(1);
  if (bad >= 0)
    throw new RecoError("bad-input", `supportRidge: the system of target ${bad} is not positive definite. Raise the regularization.`);
  return solutions;
}
