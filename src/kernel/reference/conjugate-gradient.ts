export interface ConjugateGradientArguments {
  /** count x size x size, each symmetric positive definite and stored in full. */
  readonly matrices: Float32Array;
  /** count x size. */
  readonly rhs: Float32Array;
  /** count x size: the starting points; replaced by the solutions. */
  readonly solutions: Float32Array;
  readonly count: number;
  readonly size: number;
  /** Maximum number of steps per system; `size` steps solve it up to rounding. */
  readonly steps: number;
}

/** {@link conjugateGradient} in double precision; `status` becomes -1, or 0 if a matrix is not positive definite. */
export function conjugateGradientReference(
  { matrices, rhs, solutions, count, size, steps }: ConjugateGradientArguments,
  status: Int32Array,
): void {
  for (let system = 0; system < count; system++) {
    const a = matrices.subarray(system * size * size, (system + 1) * size * size);
    const b = rhs.subarray(system * size, (system + 1) * size);
    const x = Float64Array.from(solutions.subarray(system * size, (system + 1) * size));
    const times = (vector: Float64Array) => vector.map((_, i) => inner(a.subarray(i * size, (i + 1) * size), vector));
    const image = times(x);
    const residual = x.map((_, i) => b[i] - image[i]);
    const direction = residual.slice();
    let error = inner(residual, residual);
    const enough = inner(b, b) * 1e-14;
    status[system] = -1;
    for (let step = 0; step < steps && !(error <= enough); step++) {
      const turned = times(direction);
      const curvature = inner(direction, turned);
      if (!(curvature > 0) || curvature === Number.POSITIVE_INFINITY) {
        status[system] = 0;
        break;
      }
      const alpha = error / curvature;
      for (let i = 0; i < size; i++) {
        x[i] += alpha * direction[i];
        residual[i] -= alpha * turned[i];
      }
      const next = inner(residual, residual);
      for (let i = 0; i < size; i++) direction[i] = residual[i] + (next / error) * direction[i];
      error = next;
    }
    if (Number.isNaN(error)) status[system] = 0;
    if (status[system] < 0) solutions.set(x, system * size);
  }
}

function inner(x: Float32Array | Float64Array, y: Float32Array | Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
