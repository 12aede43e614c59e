export interface CholeskySolveArguments {
  /** count x size x size, each symmetric positive definite; only the upper triangles are read. */
  readonly matrices: Float32Array;
  /** count x size; replaced by the solutions. */
  readonly rhs: Float32Array;
  readonly count: number;
  readonly size: number;
}

/** {@link choleskySolve} in double precision; `status` becomes -1 or the row of a bad pivot. */
export function choleskySolveReference({ matrices, rhs, count, size }: CholeskySolveArguments, status: Int32Array): void {
  for (let system = 0; system < count; system++) {
    const upper = Float64Array.from(matrices.subarray(system * size * size, (system + 1) * size * size));
    const x = rhs.subarray(system * size, (system + 1) * size);
    status[system] = factor(upper, size);
    if (status[system] >= 0) continue;
    const y = Float64Array.from(x);
    for (let i = 0; i < size; i++) {
      for (let p = 0; p < i; p++) y[i] -= upper[p * size + i] * y[p];
      y[i] /= upper[i * size + i];
    }
    for (let i = size - 1; i >= 0; i--) {
      for (let p = i + 1; p < size; p++) y[i] -= upper[i * size + p] * y[p];
      y[i] /= upper[i * size + i];
    }
    x.set(y);
  }
}

function factor(a: Float64Array, size: number): number {
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++) {
      const start = a[i * size + j];
      let sum = start;
      for (let p = 0; p < i; p++) sum -= a[p * size + i] * a[p * size + j];
      if (i === j) {
        // Indistinguishable from zero in single precision.
        if (!(sum > Math.max(0, start * 2 ** -23)) || sum === Number.POSITIVE_INFINITY) return i;
        a[i * size + i] = Math.sqrt(sum);
      } else a[i * size + j] = sum / a[i * size + i];
    }
  return -1;
}
