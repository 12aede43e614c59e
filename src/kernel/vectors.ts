import { RecoError } from "../util/errors.ts";
import { type Backend, read, update, write } from "./backend.ts";

/** Fixed, so that sums don't depend on the number of threads. */
const PIECE = 16384;

/**
 * Inner product of two single-precision vectors.
 *
 * @throws RecoError `bad-input` if their lengths differ.
 */
export function dot(backend: Backend, x: Float32Array, y: Float32Array): number {
  checkEqualLength("dot", x, y);
  let sum = 0;
  if (backend.run === undefined) for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  else {
    const pieces = new Float64Array(Math.ceil(x.length / PIECE));
    backend.run("dot", { range: pieces.length, grain: 1 }, [read(x), read(y), write(pieces), x.length, PIECE]);
    for (const piece of pieces) sum += piece;
  }
  return sum;
}

/**
 * `y += alpha x` for single-precision vectors.
 *
 * @throws RecoError `bad-input` if their lengths differ.
 */
export function axpy(backend: Backend, alpha: number, x: Float32Array, y: Float32Array): void {
  checkEqualLength("axpy", x, y);
  if (backend.run === undefined) for (let i = 0; i < x.length; i++) y[i] += alpha * x[i];
  else backend.run("axpy", { range: x.length, grain: PIECE }, [alpha, read(x), update(y)]);
}

function checkEqualLength(kernel: string, x: Float32Array, y: Float32Array): void {
  if (x.length !== y.length)
    throw new RecoError("bad-input", `${kernel}: the vectors have different lengths, ${x.length} and ${y.length}.`);
}
