export interface InvertSymmetricArguments {
  /** size x size, symmetric positive definite; only its upper triangle is read. Replaced by its inverse, stored in full. */
  readonly matrix: Float32Array;
  readonly size: number;
}

/** {@link invertSymmetric} by Gauss-Jordan elimination in double precision. Returns -1, or the row whose pivot is not positive. */
export function invertSymmetricReference({ matrix, size }: InvertSymmetricArguments): number {
  const a = Float64Array.from(matrix.subarray(0, size * size));
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) a[i * size + j] = a[j * size + i];
  for (let p = 0; p < size; p++) {
    const pivot = a[p * size + p];
    // Indistinguishable from zero in single precision.
    if (!(pivot > Math.max(0, matrix[p * (size + 1)] * 2 ** -23)) || pivot === Number.POSITIVE_INFINITY) return p;
    for (let j = 0; j < size; j++) a[p * size + j] /= pivot;
    a[p * size + p] = 1 / pivot;
    for (let i = 0; i < size; i++) {
      if (i === p) continue;
      const factor = a[i * size + p];
      a[i * size + p] = 0;
      for (let j = 0; j < size; j++) a[i * size + j] -= factor * a[p * size + j];
    }
  }
  matrix.set(a);
  return -1;
}
